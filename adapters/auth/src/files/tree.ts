import { lstatSync, readdirSync, type Stats } from "node:fs"
import { join } from "node:path"
import { PASSED_OVER, secretByName } from "./names.ts"

/** The files below a folder whose names say that they may hold secrets; links are not followed. */
export interface Tree {
  /** Looks again at the folders that changed since. Gives way to others meanwhile. */
  refresh(): Promise<void>
  /** Absolute, as of the last look. */
  readonly candidates: readonly string[]
  /** True when there were more folders than are looked at, or they took too long. */
  readonly isCut: boolean
  /** All files that are another name of one of these: hard links. Looks at every file. */
  namesOf(inodes: ReadonlySet<string>): Promise<readonly string[]>
}

interface Folder {
  readonly modified: string
  readonly folders: readonly string[]
  readonly candidates: readonly string[]
}

const FOLDERS_MAX = 100_000
const MS_MAX = 5_000
/** No files; other tools refuse them too. */
const OF_KERNEL: ReadonlySet<string> = new Set(["/proc", "/sys", "/dev"])
/** As many folders are looked at without giving way. */
const AT_ONCE = 200

export function treeBelow(root: string, now: () => number): Tree {
  let known = new Map<string, Folder>()
  let candidates: readonly string[] = []
  let isCut = false

  async function* folders(): AsyncGenerator<string, void, readonly string[]> {
    // From the top down: where not all can be looked at, secrets are likelier there.
    const waiting = [root]
    const endsAt = now() + MS_MAX
    isCut = false
    for (let count = 0; count < waiting.length; count++) {
      const path = waiting[count] ?? root
      if (count === FOLDERS_MAX || now() > endsAt) {
        isCut = true
        return
      }
      if (count % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve))
      const below = yield path
      for (const one of below) if (!OF_KERNEL.has(one)) waiting.push(one)
    }
  }

  return {
    get candidates() {
      return candidates
    },
    get isCut() {
      return isCut
    },
    async refresh() {
      const seen = new Map<string, Folder>()
      const walk = folders()
      for (let step = await walk.next([]); !step.done; ) {
        const path = step.value
        const folder = folderNow(path, known.get(path), now())
        if (folder !== undefined) seen.set(path, folder)
        step = await walk.next(folder?.folders ?? [])
      }
      // What could not be looked at again is as it was, not gone.
      known = isCut ? new Map([...known, ...seen]) : seen
      candidates = [...known.values()].flatMap((folder) => folder.candidates)
    },
    async namesOf(inodes) {
      const found: string[] = []
      let count = 0
      for (const path of known.keys()) {
        count += 1
        if (count % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve))
        for (const name of namesIn(path)) {
          const stats = statOf(join(path, name))
          if (stats?.isFile() === true && stats.nlink > 1 && inodes.has(inodeOf(stats))) found.push(join(path, name))
        }
      }
      return found
    },
  }
}

/** What tells a file from all others, whatever it is called. */
export function inodeOf(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`
}

/** The same as before while nothing was added to it or taken out. */
function folderNow(path: string, before: Folder | undefined, now: number): Folder | undefined {
  const stats = statOf(path)
  if (stats?.isDirectory() !== true) return undefined
  const modified = `${stats.ino} ${stats.mtimeMs} ${stats.ctimeMs}`
  if (before?.modified === modified && now - stats.mtimeMs > CLOCK_STEP_MS) return before
  const folders: string[] = []
  const candidates: string[] = []
  for (const entry of entriesIn(path)) {
    if (entry.isDirectory()) {
      if (!PASSED_OVER.has(entry.name)) folders.push(join(path, entry.name))
    } else if (entry.isFile() && secretByName(entry.name) !== undefined) candidates.push(join(path, entry.name))
  }
  return { modified, folders, candidates }
}

/** Two changes within one step of the file system's clock look like one. */
const CLOCK_STEP_MS = 2_000

/** Undefined for what is gone, or may not be looked at: commands of this person may not either. */
export function statOf(path: string): Stats | undefined {
  return unlessUnreachable(() => lstatSync(path, { throwIfNoEntry: false }))
}

function entriesIn(path: string) {
  return unlessUnreachable(() => readdirSync(path, { withFileTypes: true })) ?? []
}

function namesIn(path: string): readonly string[] {
  return unlessUnreachable(() => readdirSync(path)) ?? []
}

const UNREACHABLE = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"])

function unlessUnreachable<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof Error && "code" in error && UNREACHABLE.has(String(error.code))) return undefined
    throw error
  }
}
