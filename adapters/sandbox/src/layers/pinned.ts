import { closeSync, constants, openSync, readlinkSync } from "node:fs"
import { dirname, join } from "node:path"

/**
 * A folder held open. What is done to a name inside is done there, even when a part of its path is swapped for a link
 * meanwhile. Linux only, as layers are.
 */
export class Pinned {
  readonly path: string
  readonly fd: number

  private constructor(path: string, fd: number) {
    this.path = path
    this.fd = fd
  }

  /** Throws when the path holds a link (`ELOOP`), ENOENT or ENOTDIR when there is no such folder. */
  static open(path: string): Pinned {
    const fd = openSync(path, FOLDER)
    const real = readlinkSync(`/proc/self/fd/${fd}`)
    if (real === path) return new Pinned(path, fd)
    closeSync(fd)
    throw Object.assign(new Error(`ELOOP: ${path} leads to ${real} now`), { code: "ELOOP" })
  }

  /** A folder directly inside. Throws ENOENT when there is none, ENOTDIR for anything else: a link too. */
  child(name: string): Pinned {
    return new Pinned(join(this.path, name), openSync(this.at(name), FOLDER | constants.O_NOFOLLOW))
  }

  /** The path to use for one name inside. */
  at(name: string): string {
    return `/proc/self/fd/${this.fd}/${name}`
  }

  [Symbol.dispose](): void {
    closeSync(this.fd)
  }
}

/** The folder that holds `path`, reached from `root` one name at a time, through no link. */
export function pinParent(root: string, path: string): Pinned {
  const below = dirname(path)
  let folder = Pinned.open(root)
  if (below === ".") return folder
  for (const name of below.split("/")) {
    const outer = folder
    try {
      folder = outer.child(name)
    } finally {
      outer[Symbol.dispose]()
    }
  }
  return folder
}

/** O_PATH: searching a folder needs no permission to list it. */
const FOLDER = 0o10000000 | constants.O_DIRECTORY | constants.O_NONBLOCK
