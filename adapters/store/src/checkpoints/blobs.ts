import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { refusal } from "../world.ts"
import { type Bounds, sizeText } from "./bounds.ts"
import { breather } from "./breather.ts"
import { sha256OfFile } from "./hash.ts"
import { blobIn, openPack, type Pack, PackWriter, placeIn } from "./pack.ts"
import { sweep } from "./sweep.ts"

/**
 * Bytes by their SHA-256, each once for all sessions: `<folder>/blobs/<2 hex>/<sha256>`, many at a time in one
 * `<folder>/packs/<random>.pack`. Written under another name and renamed when whole, so a kill leaves nothing that blocks
 * or misleads.
 */
export class Blobs {
  private packs: Map<string, Pack> | undefined
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
    return this.packed(sha256) !== undefined || isThere(this.loose(sha256))
  }

  /** Undefined when they are not there, or are not what they were. */
  read(sha256: string): Uint8Array | undefined {
    const found = this.readUnchecked(sha256)
    return found !== undefined && Bun.CryptoHasher.hash("sha256", found, "hex") === sha256 ? found : undefined
  }

  batch(): Batch {
    return new Batch(this)
  }

  /** Why nothing more can be kept, if so. */
  full(adding: number): string | undefined {
    if (this.bytes === undefined || this.bytes + adding <= this.bounds.bytesMax) return undefined
    return `the checkpoint store holds the ${sizeText(this.bounds.bytesMax)} that it may`
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
      this.packs = undefined
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

  private readUnchecked(sha256: string): Uint8Array | undefined {
    try {
      const packed = this.packed(sha256)
      return packed === undefined ? readFileSync(this.loose(sha256)) : blobIn(packed.pack, packed.place)
    } catch (error) {
      if (refusal(error) === "ENOENT" || refusal(error) === "ENOTDIR") return undefined
      throw error
    }
  }

  private packed(sha256: string) {
    const key = Buffer.from(sha256, "hex")
    for (const pack of this.known().values()) {
      const place = placeIn(pack, key)
      if (place !== undefined) return { pack, place }
    }
    return undefined
  }

  private known(): Map<string, Pack> {
    this.packs ??= new Map(packsIn(join(this.folder, "packs")).map((pack) => [pack.path, pack]))
    return this.packs
  }
}

/** What one scan keeps: nothing of it counts before `commit`. */
export class Batch {
  /** Added to the store by this batch. */
  bytes = 0
  /** Why nothing more can be kept. */
  failure: string | undefined
  private readonly few = new Map<string, Uint8Array>()
  private pack: PackWriter | undefined

  private readonly blobs: Blobs

  constructor(blobs: Blobs) {
    this.blobs = blobs
  }

  /** The SHA-256 of the bytes, and whether they are kept. */
  keep(bytes: Uint8Array): { readonly sha256: string; readonly isKept: boolean } {
    const sha256 = Bun.CryptoHasher.hash("sha256", bytes, "hex")
    return { sha256, isKept: this.attempt(bytes.length, () => this.add(sha256, bytes)) }
  }

  /** As `keep`, for a file too large to hold in memory: by shared blocks where the file system has them. */
  async keepFile(
    path: string,
    bytes: number,
    mayCopy: boolean,
  ): Promise<{ readonly sha256: string; readonly isKept: boolean }> {
    let sha256: string | undefined
    const isKept = this.attempt(mayCopy ? bytes : 0, () => {
      const temporary = this.blobs.temporary()
      const mode = mayCopy ? constants.COPYFILE_FICLONE : constants.COPYFILE_FICLONE_FORCE
      try {
        copyFileSync(path, temporary, mode | constants.COPYFILE_EXCL)
      } catch (error) {
        unlinkIfThere(temporary)
        if (!mayCopy) return false
        throw error
      }
      chmodSync(temporary, 0o600)
      sha256 = sha256OfFile(temporary)
      this.place(temporary, sha256)
      return true
    })
    return { sha256: sha256 ?? "", isKept }
  }

  /** What was added to this batch, or was there before. */
  read(sha256: string): Uint8Array | undefined {
    return this.few.get(sha256) ?? this.blobs.read(sha256)
  }

  /** After it, what was kept is there for good; false when it could not be. */
  commit(): boolean {
    const isKept = this.attempt(0, () => {
      const done = this.pack?.finish(this.blobs.newPack())
      for (const [sha256, bytes] of this.few) {
        const temporary = this.blobs.temporary()
        writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600 })
        this.place(temporary, sha256)
      }
      this.few.clear()
      this.blobs.added(this.bytes, done)
      return true
    })
    return isKept
  }

  private add(sha256: string, bytes: Uint8Array): boolean {
    if (this.few.has(sha256) || this.pack?.has(sha256) === true || this.blobs.has(sha256)) return true
    this.bytes += bytes.length
    if (bytes.length > LARGE_BYTES) {
      const temporary = this.blobs.temporary()
      writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600 })
      this.place(temporary, sha256)
      return true
    }
    if (this.pack === undefined && this.few.size < FEW) {
      this.few.set(sha256, bytes)
      return true
    }
    this.pack ??= new PackWriter(this.blobs.temporary())
    for (const [earlier, held] of this.few) this.pack.add(earlier, held)
    this.few.clear()
    this.pack.add(sha256, bytes)
    return true
  }

  private place(temporary: string, sha256: string): void {
    const path = this.blobs.loose(sha256)
    made(join(path, ".."))
    renameSync(temporary, path)
  }

  /** After one failure nothing more is tried: a full disk stays full. */
  private attempt(bytes: number, work: () => boolean): boolean {
    this.failure ??= this.blobs.full(this.bytes + bytes)
    if (this.failure !== undefined) return false
    try {
      return work()
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error)
      return false
    }
  }
}

/** Parts of the bound at which old bytes go, and down to which: one look finds room between the first and the bound. */
const SWEPT_OVER = 0.85
const SWEPT_TO = 0.75
/** So many blobs are files of their own; more go into a pack. */
const FEW = 32
/** A larger one is a file of its own. */
const LARGE_BYTES = 256_000

function packsIn(folder: string): Pack[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".pack"))
    return names.map((name) => openPack(join(folder, name))).filter((pack) => pack !== undefined)
  } catch (error) {
    if (refusal(error) === "ENOENT" || refusal(error) === "ENOTDIR") return []
    throw error
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (refusal(error) === "ENOTDIR") return false // no folder could be made there
    throw error
  }
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (refusal(error) !== "ENOENT") throw error
  }
}
