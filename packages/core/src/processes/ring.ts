/** The newest bytes of an output, with their places in the whole of it. */
export class ByteRing {
  readonly #bytesMax: number
  readonly #chunks: Uint8Array[] = []
  /** The place of the first byte that is kept. */
  #from = 0
  #to = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get to(): number {
    return this.#to
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#chunks.push(bytes)
    this.#to += bytes.length
    while (this.#to - this.#from > this.#bytesMax) {
      const first = this.#chunks.shift()
      if (first === undefined) return
      this.#from += first.length
      const over = this.#bytesMax - (this.#to - this.#from)
      if (over <= 0) continue
      // A chunk that is larger than what is let go of keeps its newest part.
      const kept = first.slice(-over)
      this.#chunks.unshift(kept)
      this.#from -= kept.length
      return
    }
    if (this.#chunks.length > CHUNKS_MAX) this.#chunks.splice(0, this.#chunks.length, this.#joined())
  }

  /** At most `bytesMax` bytes from a place on, the newest of them, and where they stand. */
  read(from: number, bytesMax: number): { readonly bytes: Uint8Array; readonly from: number } {
    const start = Math.max(from, this.#from, this.#to - bytesMax)
    return { bytes: this.#joined().subarray(Math.max(0, start - this.#from)), from: Math.min(start, this.#to) }
  }

  #joined(): Uint8Array {
    const all = new Uint8Array(this.#to - this.#from)
    let at = 0
    for (const chunk of this.#chunks) {
      all.set(chunk, at)
      at += chunk.length
    }
    return all
  }
}

/** Single bytes do not pile up as objects. */
const CHUNKS_MAX = 512
