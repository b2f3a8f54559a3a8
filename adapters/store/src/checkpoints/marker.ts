import { lstatSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { SessionId } from "@skein/protocol"
import { sessionFile } from "../paths.ts"
import { refusal } from "../world.ts"
import { type Blobs, namesIn } from "./blobs.ts"
import type { Difference } from "./difference.ts"
import { loadManifest, type Row, sum, summedLines, withKept } from "./manifest.ts"
import { baseOf, isBase, watchingIn } from "./mark-names.ts"
import type { Roots } from "./roots.ts"
import { emptyScan, type Scan } from "./scan.ts"
import type { Closed } from "./walk.ts"

/** One tree as it was before a call. */
export interface Held {
  /** Named by the call, and looked at whatever it is; else one of the session's roots. */
  readonly isExact: boolean
  readonly scan: Scan
}

/**
 * While a call is watched, how its trees were lies in `<folder>/watching`, for whoever comes after a kill:
 * `<session>.<process>-<random>`, and beside it for each root the manifest that it is a difference to. Renamed when whole.
 * Nothing waits for the disk: it is there after a kill, not after a power cut. Answers with the path.
 */
export async function mark(
  sessionId: SessionId,
  held: readonly Held[],
  { blobs, roots }: { readonly blobs: Blobs; readonly roots: Roots },
): Promise<string> {
  mkdirSync(watchingIn(blobs.folder), { recursive: true, mode: 0o700 })
  const path = join(watchingIn(blobs.folder), `${sessionId}.${process.pid}-${crypto.randomUUID()}`)
  const trees: Tree[] = []
  try {
    for (const { isExact, scan } of held) {
      const { root } = scan
      const differs = isExact
        ? { gone: [], rows: [...scan.entries] }
        : await roots.hold(scan, baseOf(path, trees.length))
      trees.push({ root, isExact, closed: [...scan.closed], ...differs })
    }
    const body = Buffer.from(`${JSON.stringify([VERSION])}\n${JSON.stringify(trees)}\n`)
    const temporary = blobs.temporary()
    writeFileSync(temporary, Buffer.concat([body, Buffer.from(sum(body))]), { flag: "wx", mode: 0o600 })
    renameSync(temporary, path)
    return path
  } catch (error) {
    unmark(path)
    throw error
  }
}

/** A mark goes before what goes with it. */
export function unmark(path: string): void {
  unlinkIfThere(path)
  for (let at = 0; unlinkIfThere(baseOf(path, at)); at++);
}

/** What goes wrong is told by the next watch, and stops nothing. */
export function unmarkQuietly(path: string, blobs: Blobs): void {
  try {
    unmark(path)
  } catch (error) {
    blobs.trouble = `${path} could not be removed: ${String(error)}`
  }
}

/** Those of a session that are left, the oldest first. */
export function marksOf(sessionId: SessionId, { folder }: Blobs): string[] {
  // Ids come from clients and name files.
  if (sessionFile(folder, sessionId) === undefined) return []
  const names = namesIn(watchingIn(folder)).filter((name) => name.startsWith(`${sessionId}.`) && !isBase(name))
  const found = names.flatMap((name) => {
    const path = join(watchingIn(folder), name)
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats === undefined ? [] : [{ path, modifiedMs: stats.mtimeMs }]
  })
  return found.sort((a, b) => a.modifiedMs - b.modifiedMs).map(({ path }) => path)
}

/** How the trees were; a sentence for one of which that cannot be known, undefined when nothing of the mark can be read. */
export async function marked(path: string, blobs: Blobs): Promise<(Held | string)[] | undefined> {
  const [first, second] = summedLines(path) ?? []
  if (first === undefined || second === undefined) return undefined
  const [version] = JSON.parse(first) as [number]
  if (version !== VERSION) return undefined
  const held: (Held | string)[] = []
  for (const [at, { root, isExact, closed, gone, rows }] of (JSON.parse(second) as Tree[]).entries()) {
    const base = isExact ? emptyScan(root) : await loadManifest(blobs, root, baseOf(path, at))
    if (base === undefined) {
      held.push(
        `What is known of ${root} from before skein was killed is damaged or gone: what changed there is not known.`,
      )
      continue
    }
    const entries = new Map(base.entries)
    for (const each of gone) entries.delete(each)
    for (const [each, entry] of rows) entries.set(each, withKept(entry, blobs))
    held.push({ isExact, scan: { ...base, entries, closed: new Map(closed) } })
  }
  return held
}

interface Tree extends Difference {
  readonly root: string
  readonly isExact: boolean
  readonly closed: readonly (readonly [string, Closed])[]
  readonly rows: readonly Row[]
}

const VERSION = 1

function unlinkIfThere(path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch (error) {
    if (refusal(error) !== "ENOENT") throw error
    return false
  }
}
