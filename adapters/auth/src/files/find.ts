import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs"
import { basename } from "node:path"
import { secretsIn } from "../redact/read.ts"
import type { Redactor } from "../redact/redactor.ts"
import { OF_SYSTEM, type SecretName, secretByName } from "./names.ts"
import { shownBy } from "./show.ts"
import { inodeOf, statOf, type Tree, treeBelow } from "./tree.ts"

/** Files that hold secrets, in folders that tools work in. */
export interface SecretFiles {
  /**
   * Those below these folders, absolute, links not followed, at any depth, but not in `node_modules` and what version
   * control keeps. Their secrets are known to the redactor from then on. Looked for anew when the last look is older than
   * `freshMs`, a second when it is left out; later where looking takes long.
   */
  below(roots: readonly string[], freshMs?: number): Promise<readonly string[]>
  /** Why no tool opens this file, completing "because …"; undefined when tools may. The path has its links resolved. */
  reasonFor(path: string): string | undefined
}

export interface SecretFilesOptions {
  /** Paths and globs that a person said may be seen. */
  readonly show: readonly string[]
  readonly home: string
  readonly redactor: Redactor
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A file of secrets is seen because the person said so; each time a file tool opens it, once for commands. */
  readonly onShown: (path: string) => void
  /** A folder is too large to be looked through whole. */
  readonly onCut: (root: string) => void
}

/** As much of a file is looked into. */
const BYTES_MAX = 256 * 1024
const FRESH_MS = 1_000
/** A look that takes longer than `QUICK_MS` may take this part of the time until the next. */
const SHARE = 20
const QUICK_MS = 100

export function secretFiles(options: SecretFilesOptions): SecretFiles {
  const { redactor, now, onShown, onCut } = options
  const isShown = shownBy(options.show, options.home)
  const roots = new Map<string, Looked>()
  const read = new Map<string, { readonly version: string; readonly isSecret: boolean }>()
  /** Of the files that hold secrets, so that another name of one is known. */
  const inodes = new Set<string>()
  const told = new Set<string>()

  function holdsSecrets(path: string, name: SecretName, stats: Stats): boolean {
    const version = `${inodeOf(stats)} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`
    const before = read.get(path)
    if (before?.version === version) return before.isSecret
    const text = headOf(path)
    // One that cannot be looked into is taken for what its name says.
    const isSecret = name.look === undefined || text === undefined || name.look.test(text)
    if (isSecret && text !== undefined) learn(path, text)
    read.set(path, { version, isSecret })
    return isSecret
  }

  function learn(path: string, text: string): void {
    const mayBeSeen = isShown(path)
    for (const { name, value } of secretsIn(text, basename(path))) {
      if (mayBeSeen) redactor.allow(value)
      else redactor.know(name, value)
    }
  }

  async function look({ tree, root }: Looked): Promise<readonly string[]> {
    await tree.refresh()
    if (tree.isCut) onCut(root)
    const found = tree.candidates.filter((path) => {
      const name = secretByName(basename(path))
      const stats = statOf(path)
      return name !== undefined && stats?.isFile() === true && holdsSecrets(path, name, stats)
    })
    const hidden = found.filter((path) => !isShown(path))
    for (const path of found) if (isShown(path) && !told.has(path)) onShown(path)
    for (const path of found) if (isShown(path)) told.add(path)
    const linked = hidden.flatMap((path) => {
      const stats = statOf(path)
      if (stats !== undefined) inodes.add(inodeOf(stats))
      return stats !== undefined && stats.nlink > 1 ? [inodeOf(stats)] : []
    })
    return linked.length === 0 ? hidden : [...new Set([...hidden, ...(await tree.namesOf(new Set(linked)))])]
  }

  async function ofRoot(root: string, freshMs: number): Promise<readonly string[]> {
    const looked = roots.get(root) ?? { root, tree: treeBelow(root, now), isLooking: false, found: Promise.resolve([]) }
    roots.set(root, looked)
    // One that has begun may have passed by what somebody has just made.
    if (looked.isLooking && freshMs === 0) await looked.found
    const startedAt = now()
    const { last } = looked
    // A clock that was set back makes nothing fresh.
    const age = last === undefined ? Number.POSITIVE_INFINITY : Math.abs(startedAt - last.atMs)
    const tookMs = last?.tookMs ?? 0
    if (looked.isLooking || age < Math.max(freshMs, tookMs <= QUICK_MS ? 0 : tookMs * SHARE)) return await looked.found
    looked.isLooking = true
    looked.found = look(looked).finally(() => {
      looked.isLooking = false
      looked.last = { atMs: now(), tookMs: now() - startedAt }
    })
    return await looked.found
  }

  return {
    async below(folders, freshMs = FRESH_MS) {
      return [...new Set((await Promise.all(folders.map((root) => ofRoot(root, freshMs)))).flat())]
    },
    reasonFor(path) {
      if (OF_SYSTEM.test(path)) return undefined
      const stats = statOf(path)
      const name = secretByName(basename(path))
      const isNamed = name !== undefined && stats?.isFile() === true && holdsSecrets(path, name, stats)
      const isOtherName = stats !== undefined && stats.nlink > 1 && inodes.has(inodeOf(stats))
      if (!isNamed && !isOtherName) return undefined
      if (!isShown(path)) return isNamed ? name.why : "it is another name of a file that holds secrets"
      onShown(path)
      return undefined
    },
  }
}

interface Looked {
  readonly root: string
  readonly tree: Tree
  isLooking: boolean
  last?: { readonly atMs: number; readonly tookMs: number }
  found: Promise<readonly string[]>
}

/** Undefined when it cannot be read. Never waits for a pipe, never follows a link. */
function headOf(path: string): string | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return undefined
    const bytes = Buffer.alloc(Math.min(stats.size, BYTES_MAX))
    return bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(fd)
  }
}
