import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { extname, join } from "node:path"
import type { ScriptFolder } from "./options.ts"

/** A script as it stands. */
export interface Script {
  readonly path: string
  /** Without what its ending says. */
  readonly base: string
  readonly folder: ScriptFolder
  readonly bytes: Uint8Array
  readonly sha256: string
  /** What lies beside it and describes it. */
  readonly sidecar: { readonly path: string; readonly text: string; readonly sha256: string } | undefined
  /** Of both. */
  readonly identity: string
  /** This program runs it. */
  readonly isOfRuntime: boolean
}

const SCRIPTS_MAX = 64
const BYTES_MAX = 4 * 1024 * 1024
const SIDECAR = /\.tool\.(toml|json)$/
const OF_RUNTIME = new Set([".ts", ".mts", ".js", ".mjs"])

/** The scripts of a folder by name: executable files, and such as this program runs itself. None where there is no folder. */
export function scriptsIn(folder: ScriptFolder): readonly Script[] {
  const names = reached(() => readdirSync(folder.path).toSorted()) ?? []
  const sidecars = names.filter((name) => SIDECAR.test(name))
  return names
    .filter((name) => !name.startsWith(".") && !SIDECAR.test(name))
    .slice(0, SCRIPTS_MAX)
    .flatMap((name) => reached(() => scriptOf(name, folder, sidecars)) ?? [])
}

function scriptOf(name: string, folder: ScriptFolder, sidecars: readonly string[]): readonly Script[] {
  const path = join(folder.path, name)
  const facts = statSync(path)
  const extension = extname(name)
  const isOfRuntime = OF_RUNTIME.has(extension)
  if (!facts.isFile() || facts.size > BYTES_MAX || (!isOfRuntime && (facts.mode & 0o111) === 0)) return []
  const bytes = readFileSync(path)
  const base = name.slice(0, name.length - extension.length)
  const beside = sidecars.find((one) => [name, base].includes(one.replace(SIDECAR, "")))
  const sidecar = beside === undefined ? undefined : sidecarAt(join(folder.path, beside))
  const sha256 = sha256Of(bytes)
  return [
    {
      ...{ path, base, folder, bytes, sha256, sidecar, isOfRuntime },
      identity: sha256Of(`${sha256} ${sidecar?.sha256 ?? ""}`),
    },
  ]
}

function sidecarAt(path: string): Script["sidecar"] {
  const text = readFileSync(path, "utf8")
  return { path, text, sha256: sha256Of(text) }
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex")
}

/** What is gone by now, or may not be read, is not there. */
function reached<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}
