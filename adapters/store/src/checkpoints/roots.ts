import { lstatSync, type Stats } from "node:fs"
import { dirname, sep } from "node:path"
import { refusal } from "../world.ts"
import type { Blobs } from "./blobs.ts"
import { type Difference, differenceOf, isLinked } from "./difference.ts"
import { loadManifest, manifestOf, saveManifest } from "./manifest.ts"
import { type Purpose, type Scan, scan } from "./scan.ts"
import { TooLarge } from "./walk.ts"

export interface RootsOptions {
  readonly blobs: Blobs
  /** The person's home folder: neither it nor what holds it is ever scanned. */
  readonly home: string
  /** What skein keeps: not watched, wherever it lies. */
  readonly own: ReadonlySet<string>
  readonly now: () => number
}

/** What is known of each tree that calls may change. One scan of a tree at a time. */
export class Roots {
  private readonly known = new Map<string, Known>()
  /** What went wrong in the background, for a person. */
  trouble: string | undefined

  private readonly options: RootsOptions

  constructor(options: RootsOptions) {
    this.options = options
  }

  /** The tree as it is now; or a sentence, when it is not watched. */
  async look(root: string, purpose: Purpose, signal: AbortSignal | undefined): Promise<Scan | string> {
    const known = this.of(root)
    known.goingOn?.abort()
    return await this.queued(root, known, purpose, signal)
  }

  private async queued(
    root: string,
    known: Known,
    purpose: Purpose,
    signal: AbortSignal | undefined,
  ): Promise<Scan | string> {
    const refused = known.refused ?? this.refusalOf(root)
    if (refused !== undefined) return refused
    const turn = known.busy.then(() => this.scanned(root, known, purpose, signal))
    known.busy = turn.then(ignore, ignore)
    return await turn
  }

  /**
   * Looks at a tree ahead of its first call, so that this finds little left to read, and goes on with what one look has no
   * room for until a call comes. Never rejects.
   */
  prepare(root: string, signal: AbortSignal): void {
    const known = this.of(root)
    known.preparing ??= this.prepared(root, known, signal).finally(() => {
      known.preparing = undefined
    })
  }

  private async prepared(root: string, known: Known, signal: AbortSignal): Promise<void> {
    try {
      for (let looks = 0; looks < PREPARING_LOOKS; looks++) {
        // Once a tree is known, a call looks at it by itself.
        if (known.scan?.unkeptCount === 0) return
        // The first look is what a call waits for anyhow; the others end when one comes.
        known.goingOn = known.scan === undefined ? undefined : new AbortController()
        const stop = known.goingOn === undefined ? signal : AbortSignal.any([signal, known.goingOn.signal])
        const found = await this.queued(root, known, "ahead", stop)
        if (typeof found === "string" || found.failure !== undefined) return
      }
    } catch (error) {
      if (!signal.aborted && known.goingOn?.signal.aborted !== true) {
        this.trouble = `${root} could not be looked at: ${String(error)}`
      }
    } finally {
      known.goingOn = undefined
    }
  }

  /** Resolves when what was begun in the background is done. */
  async idle(): Promise<void> {
    for (const known of this.known.values()) {
      await known.preparing
      await known.busy
      await known.saving
      await known.touching
    }
  }

  private async scanned(
    root: string,
    known: Known,
    purpose: Purpose,
    signal: AbortSignal | undefined,
  ): Promise<Scan | string> {
    const { blobs, own, now } = this.options
    signal?.throwIfAborted()
    if (known.refused !== undefined) return known.refused
    if (!known.isLoaded) await this.load(root, known)
    known.isLoaded = true
    try {
      const options = { root, before: known.scan, isEverything: false, purpose, own, blobs, now, signal }
      known.scan = await scan(options)
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error
      known.scan = undefined
      known.refused = `${root} is not watched: it has ${error.message}. Only what edits change can be taken back there.`
      return known.refused
    }
    this.save(known, known.scan)
    this.touch(known, known.scan)
    return known.scan
  }

  private async load(root: string, known: Known): Promise<void> {
    const { blobs } = this.options
    // Asked before it is read: another process may put its own there meanwhile, and that is not what was read.
    const file = fileAt(manifestOf(blobs, root))
    const scan = await loadManifest(blobs, root)
    known.scan = scan
    known.onDisk = file === undefined || scan === undefined ? undefined : { scan, file }
  }

  /**
   * Puts this look where it is found after a kill: as another name of the manifest and in what it differs from that, or
   * as one written anew when it differs in much. `name` is free.
   */
  async hold(found: Scan, name: string): Promise<Difference> {
    const { blobs } = this.options
    const known = this.of(found.root)
    await known.saving
    const { onDisk } = known
    const difference = onDisk && differenceOf(onDisk.scan, found, DIFFERENT_MAX)
    if (
      onDisk !== undefined &&
      difference !== undefined &&
      isLinked(manifestOf(blobs, found.root), name, onDisk.file)
    ) {
      return difference
    }
    known.isUnsaved = false
    known.savedMs = this.options.now()
    known.onDisk = { scan: found, file: await saveManifest(blobs, found) }
    // Another process may have put its own there.
    if (!isLinked(manifestOf(blobs, found.root), name, known.onDisk.file)) await saveManifest(blobs, found, name)
    return { gone: [], rows: [] }
  }

  /** At once for the first, then seldom: a tree of a hundred thousand files is 20 MB to write. */
  private save(known: Known, found: Scan): void {
    const now = this.options.now()
    if (found.isChanged) known.isUnsaved = true
    if (!known.isUnsaved || known.saving !== undefined || now - known.savedMs < SAVE_MS) return
    known.isUnsaved = false
    known.savedMs = now
    known.saving = this.saved(known, found).finally(() => {
      known.saving = undefined
    })
  }

  private async saved(known: Known, found: Scan): Promise<void> {
    try {
      known.onDisk = { scan: found, file: await saveManifest(this.options.blobs, found) }
    } catch (error) {
      this.trouble = `What is known of ${found.root} could not be saved for the next start: ${String(error)}`
    }
  }

  /** For as long as a tree is worked in, its bytes count as in use. */
  private touch(known: Known, found: Scan): void {
    const { blobs, now } = this.options
    if (known.touching !== undefined || now() - known.touchedMs < TOUCH_MS) return
    known.touchedMs = now()
    known.touching = blobs
      .touch(keptIn(found))
      .catch((error: unknown) => {
        this.trouble = `What is kept of ${found.root} could not be marked as in use: ${String(error)}`
      })
      .finally(() => {
        known.touching = undefined
      })
  }

  private refusalOf(root: string): string | undefined {
    const { home } = this.options
    const found = lstatSync(root, { throwIfNoEntry: false })
    if (found !== undefined && !found.isDirectory()) return undefined
    const holdsHome = root === home || root === sep || home.startsWith(`${root}${sep}`)
    if (!holdsHome && !isOneOf(found, home)) return undefined
    return `${root} is not watched: it holds your home folder. Start in a project's folder; only what edits change can be taken back here.`
  }

  private of(root: string): Known {
    let known = this.known.get(root)
    if (known === undefined) {
      known = {
        scan: undefined,
        onDisk: undefined,
        isLoaded: false,
        refused: undefined,
        busy: Promise.resolve(),
        ...IDLE,
      }
      this.known.set(root, known)
    }
    return known
  }
}

interface Known {
  scan: Scan | undefined
  /** What is in the manifest, and which file that was. */
  onDisk: { readonly scan: Scan; readonly file: Stats } | undefined
  isLoaded: boolean
  /** Why it is not watched, for as long as this process runs. */
  refused: string | undefined
  busy: Promise<void>
  preparing: Promise<void> | undefined
  /** Ends a look ahead that only goes on with what is left. */
  goingOn: AbortController | undefined
  saving: Promise<void> | undefined
  savedMs: number
  touching: Promise<void> | undefined
  touchedMs: number
  isUnsaved: boolean
}

const IDLE = {
  preparing: undefined,
  goingOn: undefined,
  saving: undefined,
  savedMs: Number.NEGATIVE_INFINITY,
  isUnsaved: false,
  touching: undefined,
  touchedMs: Number.NEGATIVE_INFINITY,
}
const SAVE_MS = 30_000
/** Entries that are cheaper written beside a manifest than in a new one. */
const DIFFERENT_MAX = 2_000
/** Well within the hour after which bytes may go. */
const TOUCH_MS = 1_200_000
/** Each keeps as much as one look may. */
const PREPARING_LOOKS = 4

function ignore(): void {}

/** Undefined where nothing can be. */
function fileAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (refusal(error) === undefined) throw error
    return undefined
  }
}

/** A folder may be mounted a second time, under another name. */
function isOneOf(found: Stats | undefined, home: string): boolean {
  for (let at = home; found !== undefined; at = dirname(at)) {
    const stats = lstatSync(at, { throwIfNoEntry: false })
    if (stats?.ino === found.ino && stats.dev === found.dev) return true
    if (at === dirname(at)) return false
  }
  return false
}

function* keptIn(found: Scan): Iterable<string> {
  for (const { version } of found.entries.values()) if (version.kind === "file" && version.isKept) yield version.sha256
}
