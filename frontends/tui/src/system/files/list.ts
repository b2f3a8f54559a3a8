import { isRefusal } from "../disk.ts"
import type { Machine } from "../machine.ts"
import { includedPaths } from "./included.ts"
import { byGit, byRipgrep } from "./listed.ts"
import { walked } from "./walk.ts"

/** Where files are listed, and by what. */
export interface Listing {
  /** Paths and globs from the folder on that ignore rules do not hide. */
  readonly included: readonly string[]
  /** Where the product's ripgrep is. */
  readonly ripgrep?: (() => Promise<string | undefined>) | undefined
}

/** The files of a folder and the folders they are in, ignore rules honoured: by ripgrep, else git, else by walking. */
export async function workspaceFiles(
  cwd: string,
  { included, ripgrep }: Listing,
  machine: Machine,
): Promise<readonly string[]> {
  const own = await ripgrep?.().catch((error: unknown) => {
    if (!isRefusal(error)) throw error
    machine.tell(`Files are listed without skein's own ripgrep: ${error.message}`)
    return undefined
  })
  const found = (await byRipgrep(cwd, own, machine)) ?? (await byGit(cwd, machine)) ?? (await walked(cwd))
  const more = await includedPaths(cwd, included)
  return withFolders([...found, ...more])
}

/** Names that cannot be told in a line are left out: a person could not see what they choose. */
const UNTELLABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufffd]/u

/** Each folder before what is in it. In pieces: a key that comes meanwhile is not kept waiting. */
async function withFolders(paths: readonly string[]): Promise<readonly string[]> {
  const all = new Set<string>()
  for (let start = 0; start < paths.length; start += PIECE) {
    for (const path of paths.slice(start, start + PIECE)) {
      if (UNTELLABLE.test(path) || all.has(path)) continue
      for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) all.add(path.slice(0, at + 1))
      all.add(path)
    }
    await Bun.sleep(0)
  }
  return [...all]
}

const PIECE = 2_000
