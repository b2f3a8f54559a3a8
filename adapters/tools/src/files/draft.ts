import { constants, promises as fs, linkSync, lstatSync, renameSync, unlinkSync } from "node:fs"
import { errnoOf } from "./failure.ts"
import { type Libc, libc } from "./libc.ts"
import type { PinnedFolder } from "./pinned.ts"

/** New content on its way: in the target's folder, but not yet under a name anybody looks for. */
export interface Draft {
  readonly handle: fs.FileHandle
  /** Becomes `name`, where nothing may be. Throws EEXIST when something is. */
  become(name: string): void
  /** Becomes `name` in place of the file that is there: by `over`, given both paths, or by a rename. */
  supplant(name: string, over?: (draft: string, at: string) => void): void
  /** Closes it; what has not become anything leaves no trace. */
  close(): Promise<void>
}

/**
 * A file without a name where the system can (O_TMPFILE, and `linkat` to name it): a crash leaves nothing, but between the two
 * system calls in which a whole draft is named and put in the place of another file. Elsewhere a hidden one with a random name, removed on failure; there a killed process can leave it behind.
 */
export async function openDraft(folder: PinnedFolder, mode: number): Promise<Draft> {
  const c = await libc()
  if (c !== undefined) {
    try {
      return unnamed(folder, await fs.open(folder.at("."), O_TMPFILE | constants.O_WRONLY, mode), c)
    } catch (error) {
      if (!CANNOT.includes(errnoOf(error) ?? "")) throw error
    }
  }
  return await openNamedDraft(folder, mode)
}

/** Linux, `fcntl.h`: __O_TMPFILE | O_DIRECTORY. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY
/** What systems and file systems without O_TMPFILE answer; see open(2). */
const CANNOT = ["EOPNOTSUPP", "ENOTSUP", "EISDIR", "EINVAL", "ENOENT"]

const temporaryName = () => `.skein-${crypto.randomUUID()}.tmp`

function unnamed(folder: PinnedFolder, handle: fs.FileHandle, c: Libc): Draft {
  const become = (name: string) => {
    const code = c.linkDescriptor(handle.fd, folder.fd, name)
    if (code !== undefined) throw Object.assign(new Error(`linkat: ${code}`), { code })
  }
  return {
    handle,
    become,
    supplant(name, over = renameSync) {
      const temporary = temporaryName()
      become(temporary)
      try {
        over(folder.at(temporary), folder.at(name))
      } catch (error) {
        unlinkIfThere(folder.at(temporary))
        throw error
      }
    },
    close: () => handle.close(),
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error
  }
}

/** A hidden file with a random name, made by us alone. */
export async function openNamedDraft(folder: PinnedFolder, mode: number): Promise<Draft> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const temporary = temporaryName()
  const handle = await fs.open(folder.at(temporary), flags, mode)
  let hasName = true
  return {
    handle,
    become(name) {
      try {
        linkSync(folder.at(temporary), folder.at(name))
      } catch (error) {
        if (errnoOf(error) === "EEXIST" || lstatSync(folder.at(name), { throwIfNoEntry: false }) !== undefined)
          throw error
        renameSync(folder.at(temporary), folder.at(name)) // a file system without hard links
        hasName = false
      }
    },
    supplant(name, over = renameSync) {
      over(folder.at(temporary), folder.at(name))
      hasName = false
    },
    async close() {
      if (hasName) unlinkIfThere(folder.at(temporary))
      await handle.close()
    },
  }
}
