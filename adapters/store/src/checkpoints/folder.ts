import { closeSync, constants, openSync, readlinkSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { hasDescriptors, O_PATH } from "./look.ts"

/**
 * A folder held open, so that what is done below it is done there, even if a part of its path is swapped for a link
 * meanwhile. Where the system has no /proc/self/fd it is checked by name only.
 */
export class HeldFolder {
  readonly path: string
  readonly fd: number

  private constructor(path: string, fd: number) {
    this.path = path
    this.fd = fd
  }

  /** Throws LedAstray when the path holds a link, ENOENT or ENOTDIR when there is no such folder. */
  static open(path: string): HeldFolder {
    const fd = openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NONBLOCK)
    const real = hasDescriptors() ? readlinkSync(`/proc/self/fd/${fd}`) : realpathSync(path)
    if (real === path) return new HeldFolder(path, fd)
    closeSync(fd)
    throw new LedAstray(`a part of its path is a link now: ${path} leads to ${real}`)
  }

  /** The path to use for one name inside. */
  at(name: string): string {
    return hasDescriptors() ? `/proc/self/fd/${this.fd}/${name}` : join(this.path, name)
  }

  [Symbol.dispose](): void {
    closeSync(this.fd)
  }
}

/** A folder is not where its path says. The message goes after "path: ". */
export class LedAstray extends Error {
  override readonly name = "LedAstray"
}
