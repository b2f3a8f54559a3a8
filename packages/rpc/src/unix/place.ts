import { randomBytes } from "node:crypto"
import { constants } from "node:fs"
import { chmod, type FileHandle, lstat, mkdir, open, rename, rm, unlink } from "node:fs/promises"
import { dirname, isAbsolute } from "node:path"
import { SkeinError } from "@skein/protocol"
import { answers } from "./answers.ts"

/** What became of trying to lock an open file, which its process then holds until it closes it or ends, however it ends. */
export type Locked =
  | { readonly kind: "locked" }
  | { readonly kind: "held" }
  | { readonly kind: "unsupported"; readonly reason: string }

export interface WantedPlace {
  /** Absolute. Its folder is made, for its owner alone, where it is not there. */
  readonly path: string
  /** Locks an open file, without waiting. */
  readonly lock: (fd: number) => Locked
}

/** A place for a Unix socket where nobody else of skein listens until it is given up. */
export interface SocketPlace {
  /**
   * Has `begin` listen under a name that nobody knows, and puts the socket in its place once it is closed to others. Gives the place up
   * when that fails, and throws what it failed with.
   */
  bind<T>(begin: (hidden: string) => T | Promise<T>): Promise<T>
  /** Takes the socket away, then gives the place up when `ended` has come to its end. */
  release(ended?: () => Promise<void>): Promise<void>
}

/**
 * Takes a place that its owner alone can reach. A socket that a dead server left is replaced; one that somebody answers, a link, and
 * any other file are left alone, and nothing is left beside them. Throws SkeinError `config.invalid`, saying what to do.
 */
export async function socketPlace({ path, lock }: WantedPlace): Promise<SocketPlace> {
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw refused(path, `a socket's path has at most ${SOCKET_PATH_BYTES_MAX} bytes`)
  }
  await ownFolder(path)
  // Before the lock's file is made, which stays.
  await leftAt(path, "somebody serves there already")
  const held = await locked(path, lock)
  const hidden = `${path}.${randomBytes(4).toString("hex")}`
  return {
    async bind(begin) {
      try {
        // Nobody else of skein's clears away meanwhile, and none of them answers, as that would hold the lock.
        if (await leftAt(path, "another program serves there already")) await unlink(path)
        const begun = await begin(hidden)
        await chmod(hidden, 0o600)
        await rename(hidden, path)
        return begun
      } catch (error) {
        await rm(hidden, { force: true })
        await held.close()
        throw error
      }
    },
    async release(ended) {
      await rm(path, { force: true })
      await ended?.()
      await held.close()
    },
  }
}

/** What the kernel takes, with its closing zero, less a dot and the hidden name's end. */
export const SOCKET_PATH_BYTES_MAX = 107 - 9

async function ownFolder(path: string): Promise<void> {
  if (!isAbsolute(path)) throw refused(path, "it is to be an absolute path")
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const stat = await lstat(folder)
  if (!stat.isDirectory()) throw refused(path, `${folder} is a link, or no folder`)
  if (stat.uid !== process.getuid?.()) throw refused(path, `${folder} is somebody else's`)
  if ((stat.mode & 0o077) !== 0)
    throw refused(
      path,
      `others can enter ${folder}. Take a folder that is yours alone, below $XDG_RUNTIME_DIR or your home: one that is not there yet is made so`,
    )
}

/** For as long as the server lives: whoever else begins knows that it does. The lock's name stays, as who removes it lets two hold it. */
async function locked(path: string, lock: WantedPlace["lock"]): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(`${path}.lock`, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  const result = lock(file.fd)
  if (result.kind === "locked") return file
  await file.close()
  throw refused(
    path,
    result.kind === "held" ? "somebody serves there already" : `it cannot be locked: ${result.reason}`,
  )
}

/** Whether there is a socket that a dead server left. Throws for whatever else is there. */
async function leftAt(path: string, answered: string): Promise<boolean> {
  const stat = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
  })
  if (stat === undefined) return false
  if (!stat.isSocket())
    throw refused(path, stat.isSymbolicLink() ? "it is a link" : "there is a file, which is no socket")
  if (await answers(path)) throw refused(path, answered)
  return true
}

function refused(path: string, why: string): SkeinError {
  return new SkeinError("config.invalid", `Cannot listen on ${path}: ${why}.`)
}
