import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { place } from "@skein/unpack"
import type { PluginFile } from "../files.ts"
import type { State } from "./state.ts"

/** Files that lie somewhere for the time until somebody decides about them. */
export interface Staged {
  /** Absolute, resolved. */
  readonly folder: string
  /** Gives them their place, by one rename. `to` is from the folder of all plugins. */
  keep(to: string): void
  drop(): void
}

const STAGING = ".staging"
const FORGOTTEN_MS = 3_600_000

/** `folder`: that of all plugins. */
export async function staged(folder: string, files: readonly PluginFile[]): Promise<Staged> {
  const token = crypto.randomUUID()
  mkdirSync(join(folder, STAGING), { recursive: true, mode: 0o700 })
  const at = join(folder, STAGING, token)
  await place(files, at, "new")
  return {
    folder: realpathSync(at),
    keep(to) {
      const final = join(folder, to)
      mkdirSync(dirname(final), { recursive: true, mode: 0o700 })
      rmSync(final, { recursive: true, force: true })
      renameSync(at, final)
    },
    drop: () => rmSync(at, { recursive: true, force: true }),
  }
}

/** Takes away what nobody names any more: what a kill left half done, and versions that were replaced. Only under the lock. */
export function swept(folder: string, state: State, now: number): void {
  const kept = new Set([...state.plugins, ...state.markets].map((row) => row.folder))
  for (const source of foldersIn(folder)) {
    if (source === STAGING) continue
    for (const name of foldersIn(join(folder, source)))
      for (const version of foldersIn(join(folder, source, name)))
        if (!kept.has(`${source}/${name}/${version}`))
          rmSync(join(folder, source, name, version), { recursive: true, force: true })
  }
  for (const token of foldersIn(join(folder, STAGING))) {
    const at = join(folder, STAGING, token)
    if (now - statSync(at).mtimeMs > FORGOTTEN_MS) rmSync(at, { recursive: true, force: true })
  }
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
}
