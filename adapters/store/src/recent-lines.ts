/** Where the line of one event starts, how long it is with its newline, and its checksum. */
export interface Mark {
  readonly seq: number
  readonly offset: number
  readonly bytes: number
  readonly sum: number
}

/** Where the newest lines of a log are: so many numbers, whatever the log's length. */
export class RecentLines {
  readonly #seqs = new Float64Array(LINES)
  readonly #offsets = new Float64Array(LINES)
  readonly #bytes = new Float64Array(LINES)
  readonly #sums = new Uint32Array(LINES)

  add(seq: number, offset: number, bytes: number, sum: number): void {
    const slot = seq % LINES
    this.#seqs[slot] = seq
    this.#offsets[slot] = offset
    this.#bytes[slot] = bytes
    this.#sums[slot] = sum
  }

  mark(seq: number): Mark | undefined {
    const slot = seq % LINES
    if (seq < 1 || this.#seqs[slot] !== seq) return undefined
    return { seq, offset: this.#offsets[slot] ?? 0, bytes: this.#bytes[slot] ?? 0, sum: this.#sums[slot] ?? 0 }
  }
}

const LINES = 1024
