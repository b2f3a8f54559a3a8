import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { lstat, reach } from "./paths.ts"

/** What stands in for `/tmp` in confined commands, the same for all that have the same roots: they can hand files on. */
export interface PrivateFolder {
  readonly tmp: string
  /** Folders in there that lead to a workspace below `/tmp`; a command that could swap one for a link would move mounts. */
  readonly ways: readonly string[]
  readonly emptyFile: string
  /** For ourselves: commands do not write there. */
  readonly scratch: string
  remove(): void
}

const NAME = /^skein-(\d+)-/

/** Makes a folder that nobody else may enter, and removes those of skeins that are gone. `below`: names of its folders. */
export function privateFolder(parent: string, below: readonly string[]): PrivateFolder {
  removeOrphans(parent)
  const folder = mkdtempSync(join(parent, `skein-${process.pid}-`))
  const tmp = join(folder, "tmp")
  const emptyFile = join(folder, "empty")
  const scratch = join(folder, "scratch")
  for (const path of [tmp, scratch]) mkdirSync(path, { mode: 0o700 })
  for (const name of below) mkdirSync(join(tmp, name), { recursive: true, mode: 0o700 })
  const ways = [...new Set(below.flatMap(foldersAbove))]
  writeFileSync(emptyFile, "", { mode: 0o400 })
  return { tmp, ways, emptyFile, scratch, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** `a/b/c` lies in `a` and `a/b`. */
function foldersAbove(name: string): readonly string[] {
  const parts = name.split("/")
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"))
}

function removeOrphans(parent: string): void {
  for (const name of reach(() => readdirSync(parent)) ?? []) {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN)
    const path = join(parent, name)
    if (!Number.isInteger(pid) || isAlive(pid) || lstat(path)?.uid !== process.getuid?.()) continue
    reach(() => rmSync(path, { recursive: true, force: true }))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
