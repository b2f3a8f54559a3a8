import { lstat, realpath } from "node:fs/promises"
import { dirname, join, relative, sep } from "node:path"
import type { ClientFiles } from "@skein/codex"
import type { Sandbox } from "@skein/protocol"

/**
 * Files as a sandbox holds commands: written nowhere, or below `roots` alone. Where a path leads is looked at first, so a link out of
 * a root is outside of it. Reading is the client's own affair: it is a program of whoever started the server.
 */
export function heldFiles(files: ClientFiles, sandbox: Sandbox, roots: readonly string[]): ClientFiles {
  if (sandbox === "full-access") return files
  const writable = async (path: string) => {
    if (sandbox === "workspace-write") {
      const meant = await whereTo(path)
      const own = await Promise.all(roots.map((root) => realpath(root).catch(() => root)))
      if (own.some((root) => meant === root || meant.startsWith(root.endsWith(sep) ? root : root + sep))) return
    }
    throw new Error(`The sandbox (${sandbox}) does not let ${path} be changed.`)
  }
  return {
    ...files,
    async write(path, bytes) {
      await writable(path)
      await files.write(path, bytes)
    },
    async makeFolder(path, isRecursive) {
      await writable(path)
      await files.makeFolder(path, isRecursive)
    },
    async remove(path, how) {
      // What goes is the entry itself, not what a link leads to.
      await writable(join(dirname(path), "."))
      await files.remove(path, how)
    },
    async copy(from, to, isRecursive) {
      await writable(to)
      await files.copy(from, to, isRecursive)
    },
  }
}

/** Without links, as far as there is something of it. Throws for a link that leads nowhere yet: what is written there comes to be there. */
async function whereTo(path: string): Promise<string> {
  for (let there = path; ; there = dirname(there)) {
    const real = await unlessMissing(realpath(there))
    if (real !== undefined) return join(real, relative(there, path))
    const isLink = (await unlessMissing(lstat(there)))?.isSymbolicLink() === true
    if (isLink) throw new Error(`${there} is a link that leads nowhere: nothing is written through it.`)
  }
}

async function unlessMissing<T>(looking: Promise<T>): Promise<T | undefined> {
  return looking.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })
}
