import { cp, lstat, mkdir, opendir, realpath, rm, rmdir, stat, unlink } from "node:fs/promises"
import { join } from "node:path"
import type { ClientFiles, FileEntry, FileFacts } from "@skein/codex"
import { probe, readWhole, writeWhole } from "./unwaiting.ts"
import { watchPath } from "./watch.ts"

/** The files of this machine, as whoever runs the server may touch them. */
export const machineFiles: ClientFiles = {
  read: readWhole,
  write: writeWhole,
  async makeFolder(path, isRecursive) {
    await mkdir(path, { recursive: isRecursive })
  },
  facts: factsOf,
  real: (path) => realpath(path),
  async list(path, countMax) {
    const entries: FileEntry[] = []
    for await (const entry of await opendir(path)) {
      if (entries.length === countMax) throw new Error(`It has more than ${countMax} entries: ${path}`)
      // What a link leads to may be gone, or not be ours to see; whoever reads the list is told that it is neither.
      const facts = await factsOf(join(path, entry.name)).catch(() => undefined)
      entries.push({ name: entry.name, kind: facts?.kind ?? "other" })
    }
    return entries
  },
  async remove(path, { isRecursive, isForced }) {
    if (isRecursive) return rm(path, { recursive: true, force: isForced })
    const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (isForced && error.code === "ENOENT") return undefined
      throw error
    })
    if (found === undefined) return
    await (found.isDirectory() ? rmdir(path) : unlink(path))
  },
  async copy(from, to, isRecursive) {
    await probe(from)
    await cp(from, to, { recursive: isRecursive, force: true, verbatimSymlinks: true })
  },
  watch: watchPath,
}

async function factsOf(path: string): Promise<FileFacts> {
  const own = await lstat(path)
  const meant = own.isSymbolicLink() ? await stat(path) : own
  return {
    kind: meant.isDirectory() ? "folder" : meant.isFile() ? "file" : "other",
    size: meant.isFile() ? meant.size : 0,
    isLink: own.isSymbolicLink(),
    createdAt: Math.max(0, Math.trunc(meant.birthtimeMs)),
    modifiedAt: Math.trunc(meant.mtimeMs),
  }
}
