import type { Artifact, ArtifactWriter } from "../ports/index.ts"
import type { ByteRing } from "./ring.ts"

/** Of one output on disk. */
const BYTES_MAX = 256_000_000

/** All of an output, on disk from the moment when it is more than memory keeps. A full disk costs this, and nothing else. */
export class WholeOutput {
  readonly #create: () => Promise<ArtifactWriter>
  readonly #onDefect: (error: unknown) => void
  #writer: Promise<ArtifactWriter | undefined> | undefined
  /** What came before the writer was there. */
  #early: Uint8Array[] | undefined
  #open: ArtifactWriter | undefined
  #bytes = 0

  constructor(create: () => Promise<ArtifactWriter>, onDefect: (error: unknown) => void) {
    this.#create = create
    this.#onDefect = onDefect
  }

  /** Before it goes into the ring, which holds all that came before, or the file does. */
  add(chunk: Uint8Array, before: ByteRing): void {
    if (this.#writer !== undefined) return this.#put(chunk)
    if (before.to + chunk.length <= OPENS_AT) return
    this.#begin([before.read(0, before.to).bytes.slice(), chunk])
  }

  /** The whole, closed; undefined when there was no output, or no disk for it. */
  async end(ring: ByteRing): Promise<Artifact | undefined> {
    if (ring.to === 0) return undefined
    if (this.#writer === undefined) this.#begin([ring.read(0, ring.to).bytes])
    await this.#writer
    try {
      return await this.#open?.close()
    } catch (error) {
      this.#onDefect(error)
      return undefined
    }
  }

  #begin(early: Uint8Array[]): void {
    this.#early = early
    this.#writer = this.#create().then(
      (writer) => {
        this.#open = writer
        const waiting = this.#early ?? []
        this.#early = undefined
        for (const chunk of waiting) this.#put(chunk)
        return writer
      },
      (error: unknown) => {
        this.#early = undefined
        this.#onDefect(error)
        return undefined
      },
    )
  }

  #put(chunk: Uint8Array): void {
    if (this.#early !== undefined) {
      this.#early.push(chunk)
      return
    }
    const part = chunk.subarray(0, Math.max(0, BYTES_MAX - this.#bytes))
    this.#bytes += part.length
    if (part.length === 0) return
    try {
      this.#open?.write(part)
    } catch (error) {
      this.#open = undefined
      this.#onDefect(error)
    }
  }
}

/** A little before the ring begins to forget. */
const OPENS_AT = 200_000
