import { lstatSync, mkdirSync, readdirSync, utimesSync } from "node:fs"
import { join } from "node:path"
import { refusal } from "../world.ts"
import { type Bounds, sizeText } from "./bounds.ts"
import { breather } from "./breather.ts"
import { regularContent } from "./hash.ts"
import { blobIn, openPack, type Pack, placeIn } from "./pack.ts"
import { sweep } from "./sweep.ts"

/**
 * Bytes by their SHA-256, each once for all sessions: `<folder>/blobs/<2 hex>/<sha256>`, many at a time in one
 * `<folder>/packs/<random>.pack`. Written under another name and renamed when whole, so a kill leaves nothing that blocks
 * or misleads.
 */
export class Blobs {
  private packs = new Map<string, Pack>()
  private isListed = false
  /** Undefined until the store was measured, in the background. */
  private bytes: number | undefined
  private sweeping: Promise<void> | undefined
  private sweepAfterMs = 0
  /** What went wrong in the background, for a person. */
  trouble: string | undefined

  readonly folder: string
  readonly bounds: Bounds
  private readonly now: () => number

  constructor(folder: string, bounds: Bounds, now: () => number) {
    this.folder = folder
    this.bounds = bounds
    this.now = now
  }

  has(sha256: string): boolean {
    return this.isPacked(sha256) || isThere(this.loose(sha256))
  }

  isPacked(sha256: string): boolean {
    return this.packed(sha256) !== undefined
  }

  /** Undefined when they are not there, or are not what they were. */
  read(sha256: string): Uint8Array | undefined {
    for (const bytes of this.copies(sha256)) {
      if (bytes !== undefined && Bun.CryptoHasher.hash("sha256", bytes, "hex") === sha256) return bytes
    }
    return undefined
  }

  /** Whether they lie in a file of their own, as many as there should be: a power cut leaves none. */
  isLoose(sha256: string, bytes: number): boolean {
    const stats = lstatSync(this.loose(sha256), { throwIfNoEntry: false })
    return stats?.isFile() === true && stats.size === bytes
  }

  /** The packs are listed anew when next asked for: other processes add and sweep them. */
  refresh(): void {
    this.isListed = false
  }

  /** Why nothing more can be kept in this share of the store, if so. */
  full(adding: number, share: number): string | undefined {
    const bytesMax = this.bounds.bytesMax * share
    if (this.bytes === undefined || this.bytes + adding <= bytesMax) return undefined
    if (share < 1) return `the ${sizeText(bytesMax)} of the checkpoint store for what may change are used`
    return `the checkpoint store holds the ${sizeText(bytesMax)} that it may`
  }

  /** Says that these are in use: what is not goes first. */
  async touch(sha256s: Iterable<string>): Promise<void> {
    const now = this.now() / 1_000
    const breathe = breather()
    const paths = new Set<string>()
    for (const sha256 of sha256s) {
      paths.add(this.packed(sha256)?.pack.path ?? this.loose(sha256))
      await breathe()
    }
    for (const path of paths) {
      if (isThere(path)) utimesSync(path, now, now)
      await breathe()
    }
  }

  /** Resolves when the background work that was begun is done. */
  async idle(): Promise<void> {
    await this.sweeping
  }

  /** @internal For batches. */
  added(bytes: number, pack: Pack | undefined): void {
    if (pack !== undefined) this.known().set(pack.path, pack)
    if (this.bytes !== undefined) this.bytes += bytes
    const isLow = this.bytes === undefined || this.bytes > this.bounds.bytesMax * SWEPT_OVER
    if (this.sweeping !== undefined || !isLow || this.now() < this.sweepAfterMs) return
    this.sweeping = this.swept().finally(() => {
      this.sweeping = undefined
    })
  }

  private async swept(): Promise<void> {
    const target = this.bounds.bytesMax * SWEPT_TO
    try {
      this.bytes = await sweep(this.folder, this.bounds.bytesMax * SWEPT_OVER, target, this.now())
      // What is in use stays; looking again at once would find the same.
      if (this.bytes > target) this.sweepAfterMs = this.now() + 600_000
      this.refresh()
    } catch (error) {
      this.trouble = `The checkpoint store ${this.folder} could not be measured or cleared: ${String(error)}`
    }
  }

  /** @internal A name for something in the making. */
  temporary(): string {
    return join(made(join(this.folder, "tmp")), `${process.pid}-${crypto.randomUUID()}`)
  }

  /** @internal */
  newPack(): string {
    return join(made(join(this.folder, "packs")), `${crypto.randomUUID()}.pack`)
  }

  /** @internal Where a blob of its own lies. */
  loose(sha256: string): string {
    return join(this.folder, "blobs", sha256.slice(0, 2), sha256)
  }

  /** Wherever they lie: where one copy is damaged, they may have been kept anew. */
  private *copies(sha256: string): Generator<Uint8Array | undefined> {
    for (const { pack, place } of this.places(sha256)) yield blobIn(pack, place)
    yield regularContent(this.loose(sha256))
  }

  private packed(sha256: string) {
    for (const found of this.places(sha256)) return found
    return undefined
  }

  private *places(sha256: string) {
    const packs = this.known()
    if (packs.size === 0) return
    const key = Buffer.from(sha256, "hex")
    for (const pack of packs.values()) {
      const place = placeIn(pack, key)
      if (place !== undefined) yield { pack, place }
    }
  }

  private known(): Map<string, Pack> {
    if (this.isListed) return this.packs
    const folder = join(this.folder, "packs")
    const packs = new Map<string, Pack>()
    for (const name of namesIn(folder)) {
      const path = join(folder, name)
      const pack = name.endsWith(".pack") ? (this.packs.get(path) ?? openPack(path)) : undefined
      if (pack !== undefined) packs.set(path, pack)
    }
    this.packs = packs
    this.isListed = true
    return packs
  }
}

/** Parts of the bound at which old bytes go, and down to which: there is room for several looks before it is reached. */
const SWEPT_OVER = 0.5
const SWEPT_TO = 0.4

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (refusal(error) === "ENOTDIR") return false // no folder could be made there
    throw error
  }
}

/** Nothing for a folder that is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (refusal(error) === "ENOENT" || refusal(error) === "ENOTDIR") return []
    throw error
  }
}

export function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}
