import { chmodSync, constants, copyFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { refusal } from "../world.ts"
import { type Blobs, made, namesIn } from "./blobs.ts"
import { sha256OfFile } from "./hash.ts"
import { PackWriter } from "./pack.ts"

/** What one scan keeps: nothing of it counts before `commit`. */
export class Batch {
  /** Added to the store by this batch. */
  bytes = 0
  /** Why nothing more can be kept. */
  failure: string | undefined
  private readonly few = new Map<string, Uint8Array>()
  private readonly listed = new Map<string, ReadonlySet<string>>()
  private pack: PackWriter | undefined
  /** Of `bytes`, what the store knows of. */
  private reported = 0

  private readonly blobs: Blobs
  private readonly share: number
  private readonly isSure: boolean

  /**
   * `share`: the part of the store that it may fill. `isSure`: for bytes that are taken away right after. What is stored
   * is read before it counts, and what is kept is on disk after `commit`.
   */
  constructor(
    blobs: Blobs,
    { share = 1, isSure = false }: { readonly share?: number; readonly isSure?: boolean } = {},
  ) {
    this.blobs = blobs
    this.share = share
    this.isSure = isSure
    blobs.refresh()
  }

  /** The SHA-256 of the bytes, and whether they are kept. */
  keep(bytes: Uint8Array): { readonly sha256: string; readonly isKept: boolean } {
    const sha256 = Bun.CryptoHasher.hash("sha256", bytes, "hex")
    return { sha256, isKept: this.attempt(() => this.add(sha256, bytes)) }
  }

  /** As `keep`, for a file too large to hold in memory: by shared blocks where the file system has them. */
  async keepFile(
    path: string,
    bytes: number,
    mayCopy: boolean,
  ): Promise<{ readonly sha256: string; readonly isKept: boolean }> {
    let sha256: string | undefined
    const isKept = this.attempt(() => {
      if (mayCopy && this.isFull(bytes)) return false
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
      if (mayCopy) this.bytes += bytes
      return true
    })
    return { sha256: sha256 ?? "", isKept }
  }

  /** What was added to this batch, or was there before. */
  read(sha256: string): Uint8Array | undefined {
    return this.few.get(sha256) ?? this.blobs.read(sha256)
  }

  /** After it, what was kept is there for good; false when some may not be. */
  commit(): boolean {
    const isDone = this.attempt(() => {
      this.closePack()
      for (const [sha256, bytes] of this.few) this.write(sha256, bytes)
      this.few.clear()
      this.blobs.added(this.bytes - this.reported, undefined)
      this.reported = this.bytes
      return true
    })
    return isDone && this.failure === undefined
  }

  private add(sha256: string, bytes: Uint8Array): boolean {
    if (this.few.has(sha256) || this.pack?.has(sha256) === true || this.isStored(sha256, bytes.length)) return true
    if (this.isFull(bytes.length)) return false
    this.bytes += bytes.length
    if (bytes.length > LARGE_BYTES) {
      this.write(sha256, bytes)
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
    if (this.pack.count >= this.blobs.bounds.packBlobsMax) this.closePack()
    return true
  }

  private closePack(): void {
    if (this.pack === undefined) return
    const done = this.pack.finish(this.blobs.newPack(), this.isSure)
    this.pack = undefined
    this.blobs.added(this.bytes - this.reported, done)
    this.reported = this.bytes
  }

  /** By one listing of a folder instead of a look for each blob: a first scan asks a hundred thousand times. */
  private isStored(sha256: string, bytes: number): boolean {
    if (this.isSure) return this.blobs.read(sha256) !== undefined
    if (this.blobs.isPacked(sha256)) return true
    const folder = dirname(this.blobs.loose(sha256))
    let names = this.listed.get(folder)
    if (names === undefined) {
      names = new Set(namesIn(folder))
      this.listed.set(folder, names)
    }
    return names.has(sha256) && this.blobs.isLoose(sha256, bytes)
  }

  private write(sha256: string, bytes: Uint8Array): void {
    const temporary = this.blobs.temporary()
    try {
      writeFileSync(temporary, bytes, { flag: "wx", mode: 0o600, flush: this.isSure })
      this.place(temporary, sha256)
    } catch (error) {
      unlinkIfThere(temporary)
      throw error
    }
  }

  private place(temporary: string, sha256: string): void {
    const path = this.blobs.loose(sha256)
    made(dirname(path))
    renameSync(temporary, path)
  }

  private isFull(adding: number): boolean {
    this.failure ??= this.blobs.full(this.bytes - this.reported + adding, this.share)
    return this.failure !== undefined
  }

  /** After one failure nothing more is tried: a full disk stays full. What is stored already is kept all the same. */
  private attempt(work: () => boolean): boolean {
    try {
      return work()
    } catch (error) {
      this.failure ??= error instanceof Error ? error.message : String(error)
      this.pack?.discard()
      this.pack = undefined
      return false
    }
  }
}

/** So many blobs are files of their own; more go into a pack. */
const FEW = 32
/** A larger one is a file of its own. */
const LARGE_BYTES = 256_000

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (refusal(error) !== "ENOENT") throw error
  }
}
