import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from "node:fs"
import { join, relative } from "node:path"
import { PERMISSIONS, readable } from "./access.ts"
import { isWhiteout } from "./compare.ts"
import { copyAttributes } from "./dress.ts"
import type { Libc } from "./libc.ts"
import type { Pinned } from "./pinned.ts"

export interface StageOptions {
  readonly libc: Libc
  /** Everything is copied to somewhere in here. Stays open. */
  readonly top: Pinned
  /** What of a new folder stays behind. Absolute, in the project. */
  readonly isWithheld: (path: string) => boolean
}

export interface Source {
  readonly folder: Pinned
  readonly name: string
  readonly stats: Stats
  /** In the project. */
  readonly path: string
}

/**
 * Copies files, links and whole folders out of a layer: content, permissions, owner, times, attributes, and names that
 * are one file. Nothing of it has the layer's own marks.
 */
export class Stage {
  readonly #options: StageOptions
  /** Files with several names, by what they are in the layer, as they were copied. */
  readonly #copied = new Map<string, string>()

  constructor(options: StageOptions) {
    this.#options = options
  }

  /** The permissions to set when it stands where it belongs: a folder that we may not write cannot be moved there. */
  async copy(source: Source, to: Pinned, name: string): Promise<number | undefined> {
    await this.#copy(source, to, name)
    const mode = source.stats.mode & PERMISSIONS
    if (!source.stats.isDirectory() || (mode & 0o200) !== 0) return undefined
    chmodSync(to.at(name), mode | 0o200)
    return mode
  }

  async #copy(source: Source, to: Pinned, name: string): Promise<void> {
    const { stats, folder } = source
    const from = folder.at(source.name)
    if (stats.isSymbolicLink()) symlinkSync(readlinkSync(from), to.at(name))
    else if (stats.isDirectory()) return await readable(from, stats, () => this.#copyFolder(source, to, name))
    else if (this.#linkAgain(stats, to, name)) return
    else await readable(from, stats, async () => copyFileSync(from, to.at(name), EXCLUSIVE))
    this.#dress(source, to.at(name))
  }

  async #copyFolder(source: Source, to: Pinned, name: string): Promise<void> {
    mkdirSync(to.at(name), { mode: 0o700 })
    {
      using from = source.folder.child(source.name)
      using into = to.child(name)
      for (const inner of readdirSync(from.at("."))) {
        const stats = lstatSync(from.at(inner))
        const path = join(source.path, inner)
        if (isWhiteout(stats, from.at(inner), this.#options.libc) || this.#options.isWithheld(path)) continue
        await this.#copy({ folder: from, name: inner, stats, path }, into, inner)
      }
    }
    this.#dress(source, to.at(name))
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** Its other name was copied before. */
  #linkAgain(stats: Stats, to: Pinned, name: string): boolean {
    if (stats.nlink < 2) return false
    const { top } = this.#options
    const identity = `${stats.dev}:${stats.ino}`
    const known = this.#copied.get(identity)
    if (known === undefined) {
      this.#copied.set(identity, relative(top.path, join(to.path, name)))
      return false
    }
    linkSync(top.at(known), to.at(name))
    return true
  }

  /** The owner first: changing it clears set-user-id bits. Times last: everything else moves them. */
  #dress({ folder, name, stats }: Source, to: string): void {
    const own = lstatSync(to)
    if (process.getuid?.() === 0 && (own.uid !== stats.uid || own.gid !== stats.gid) && !stats.isSymbolicLink())
      chownSync(to, stats.uid, stats.gid)
    if (!stats.isSymbolicLink()) {
      copyAttributes(folder.at(name), to, this.#options.libc)
      chmodSync(to, stats.mode & PERMISSIONS)
    }
    lutimesSync(to, stats.atimeMs / 1_000, stats.mtimeMs / 1_000)
  }
}

const EXCLUSIVE = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE
