import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync } from "node:fs"
import { join } from "node:path"
import { lazy } from "@skein/protocol"

/**
 * An open folder. Names in it are reached through its descriptor: a part of its path that a command swaps for a link
 * afterwards changes nothing. Without /proc/self/fd they are reached by path, and a swap between two calls is not noticed.
 */
export interface Folder {
  readonly kind: "folder"
  /** The path to use for one name in it. */
  at(name: string): string
  close(): void
}

export type Found = Folder | { readonly kind: "missing" } | { readonly kind: "strange"; readonly why: string }

/** Goes down from a root through folders alone, never through a link. `isMade`: what is missing on the way is made. */
export function folderAt(root: string, path: string, isMade = false): Found {
  let folder = opened(root, root, 0)
  let shown = ""
  for (const name of path.split("/")) {
    if (name === "." || name === "") continue
    shown = shown === "" ? name : `${shown}/${name}`
    const next = below(folder, name, shown, isMade)
    folder.close()
    if (next.kind !== "folder") return next
    folder = next
  }
  return folder
}

function below(folder: Folder & { readonly path: string }, name: string, shown: string, isMade: boolean) {
  const path = join(folder.path, name)
  try {
    return opened(folder.at(name), path, constants.O_NOFOLLOW)
  } catch (error) {
    const code = codeOf(error)
    if (code === "ENOENT" && isMade) {
      mkdirSync(folder.at(name))
      return opened(folder.at(name), path, constants.O_NOFOLLOW)
    }
    if (code === "ENOENT") return { kind: "missing" } as const
    if (code !== "ELOOP" && code !== "ENOTDIR") throw error
    const isLink = lstatSync(folder.at(name), { throwIfNoEntry: false })?.isSymbolicLink() === true
    return { kind: "strange", why: `${shown} is ${isLink ? "a link" : "no folder"}` } as const
  }
}

/** O_PATH on Linux: searching a folder needs no permission to list it. */
const O_PATH = process.platform === "linux" ? 0o10000000 : 0
const FLAGS = O_PATH | constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK
const hasDescriptors = lazy(() => existsSync("/proc/self/fd"))

function opened(at: string, path: string, more: number): Folder & { readonly path: string } {
  const fd = openSync(at, FLAGS | more)
  return {
    ...{ kind: "folder", path },
    at: (name) => (hasDescriptors() ? `/proc/self/fd/${fd}/${name}` : join(path, name)),
    close: () => closeSync(fd),
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}
