import { closeSync, constants, existsSync, openSync, readlinkSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"

/**
 * An open folder. Names below it are reached through its descriptor, so a part of its path that is swapped for a link
 * afterwards changes nothing: what is opened, made or renamed lies in the folder that was checked.
 */
export interface PinnedFolder {
  readonly fd: number
  readonly path: string
  /** The path to use for one name inside. */
  at(name: string): string
  close(): void
}

/**
 * Opens the folder at `path`, which must hold no link: the descriptor's real path is compared with it. On systems
 * without /proc/self/fd the comparison is by name only, and a swap between two calls is not noticed.
 */
export function pinFolder(path: string): PinnedFolder {
  return pinned(openSync(path, FOLDER), path)
}

/** A folder directly inside a pinned one. Throws ENOENT when there is none, ENOTDIR or ELOOP for anything else. */
export function pinChild(folder: PinnedFolder, name: string): PinnedFolder {
  return pinned(openSync(folder.at(name), FOLDER | constants.O_NOFOLLOW), join(folder.path, name))
}

/** O_PATH on Linux: searching a folder needs no permission to list it. */
const O_PATH = process.platform === "linux" ? 0o10000000 : 0
const FOLDER = O_PATH | constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK

let hasDescriptors: boolean | undefined

function pinned(fd: number, path: string): PinnedFolder {
  hasDescriptors ??= existsSync("/proc/self/fd")
  const byFd = hasDescriptors
  const folder: PinnedFolder = {
    fd,
    path,
    at: (name) => (byFd ? `/proc/self/fd/${fd}/${name}` : join(path, name)),
    close: () => closeSync(fd),
  }
  const real = byFd ? readlinkSync(`/proc/self/fd/${fd}`) : realpathSync(path)
  if (real === path) return folder
  folder.close()
  throw new ToolFailure(`${path} now leads to ${real}: a part of the path is a link, or was moved. Nothing was done.`)
}
