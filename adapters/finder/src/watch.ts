import { type FSWatcher, watch } from "node:fs"
import { join } from "node:path"

/** Each costs one of the watches that the system has for all of the person's programs. */
const FOLDERS_MAX = 1_500

/**
 * Says whether names have come or gone in the folders of a listing. Folders that hold nothing visible are not watched: what
 * comes into being in them is seen when a name of theirs is.
 */
export class FolderWatch {
  hasChanged = false
  readonly #root: string
  readonly #onUnwatched: (sentence: string) => void
  readonly #watchers = new Map<string, FSWatcher>()
  #isGivenUp = false
  #isClosed = false

  constructor(root: string, onUnwatched: (sentence: string) => void) {
    this.#root = root
    this.#onUnwatched = onUnwatched
  }

  /** Whether a change would be seen. */
  get isOn(): boolean {
    return this.#watchers.size > 0
  }

  /** What has changed until now is about to be listed. */
  settle(): void {
    this.hasChanged = false
  }

  /** Watches the folders of these paths, and no others any more. */
  follow(paths: readonly string[]): void {
    if (this.#isGivenUp || this.#isClosed) return
    const folders = new Set(["", ...paths.filter((path) => path.endsWith("/"))])
    if (folders.size > FOLDERS_MAX)
      return this.#giveUp(`it has ${folders.size} folders, and ${FOLDERS_MAX} are watched`)
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue
      // What changed in it between its listing and now nobody saw.
      this.hasChanged = true
      if (!this.#begin(folder)) return
    }
  }

  close(): void {
    this.#isClosed = true
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  /** False when the system gives no more. */
  #begin(folder: string): boolean {
    try {
      const watcher = watch(join(this.#root, folder), { persistent: false }, (event) => {
        // Writing into a file changes no name.
        if (event === "rename") this.hasChanged = true
      })
      // A folder that went away has told the one above it.
      watcher.on("error", () => {
        this.hasChanged = true
      })
      this.#watchers.set(folder, watcher)
      return true
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error
      // It is gone already: the next listing says so.
      this.hasChanged = true
      if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EACCES") return true
      this.#giveUp(
        `the system has no more watches to give (${error.message}); on Linux fs.inotify.max_user_watches says how many`,
      )
      return false
    }
  }

  #giveUp(why: string): void {
    this.#isGivenUp = true
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
    this.#onUnwatched(`Changes of ${this.#root} are looked for instead of watched: ${why}.`)
  }
}
