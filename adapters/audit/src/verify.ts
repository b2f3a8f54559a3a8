import { type Head, readHead } from "./head.ts"
import { decodeLine, type Line, NO_SUM, sha256 } from "./line.ts"
import { type Piece, piecesOf } from "./lines.ts"
import { readable } from "./world.ts"

/** What a record says of itself. */
export interface AuditReport {
  /** `empty`: nothing was ever recorded. */
  readonly state: "intact" | "broken" | "empty"
  readonly lines: number
  readonly first?: Point | undefined
  /** The head: whoever keeps its sum elsewhere can hold the record to it later. */
  readonly last?: Point | undefined
  /** What does not hold, first things first. */
  readonly breaks: readonly Break[]
  /** What was out of order and is accounted for. */
  readonly notes: readonly string[]
}

export interface Point {
  readonly seq: number
  readonly at: number
  readonly sum: string
}

export interface Break {
  readonly file: string
  /** Of the file, from 1; absent for what is wrong with the end or the whole. */
  readonly line?: number | undefined
  /** One sentence. */
  readonly meaning: string
}

export interface VerifyOptions {
  readonly file: string
  readonly headFile: string
  /** A sum that was noted elsewhere: the record must hold that line. */
  readonly mustHold?: string | undefined
  /** The sum of the last line that was moved away: the first line here must follow it. */
  readonly mustFollow?: string | undefined
}

const BREAKS_MAX = 100

/** Follows the chain from its first line to its head. Throws SkeinError where the operating system refuses. */
export function verifyAudit(options: VerifyOptions): AuditReport {
  // Before the record: it grows meanwhile, and its head never runs ahead of it.
  const head = readable(options.headFile, () => readHead(options.headFile))
  const walk = new Walk(options, head)
  return readable(options.file, () => {
    for (const piece of piecesOf(options.file)) walk.take(piece)
    return walk.report()
  })
}

class Walk {
  readonly #options: VerifyOptions
  readonly #head: Head | "missing"
  readonly #breaks: Break[] = []
  readonly #notes: string[] = []
  #lines = 0
  #first: Point | undefined
  #last: Point | undefined
  #strange: Piece[] = []
  #isHeld = false
  #headSum: string | undefined

  constructor(options: VerifyOptions, head: Head | "missing") {
    this.#options = options
    this.#head = head
  }

  take(piece: Piece): void {
    const line = decodeLine(piece.bytes.toString("utf8"))
    if (line === undefined) {
      this.#strange.push(piece)
      return
    }
    this.#account(line)
    if (this.#last === undefined) this.#begin(line, piece)
    else this.#follow(this.#last, line, piece)
    if (line.head === "missing")
      this.#broken(
        piece,
        "the head was missing when it was written: whether lines were cut off before it cannot be told",
      )
    if (line.head === "differs")
      this.#broken(piece, "the line before it is not the one that was written: it was replaced")
    if (line.sum === this.#options.mustHold) this.#isHeld = true
    if (this.#head !== "missing" && line.seq === this.#head.seq) this.#headSum = line.sum
    this.#lines += 1
    this.#last = line
    this.#first ??= line
  }

  report(): AuditReport {
    this.#end()
    const { mustHold, file } = this.#options
    if (mustHold !== undefined && !this.#isHeld)
      this.#breaks.push({
        file,
        meaning: `no line has the sum ${mustHold}: the record was rewritten, or is another one`,
      })
    const isEmpty = this.#lines === 0 && this.#breaks.length === 0
    return {
      state: this.#breaks.length > 0 ? "broken" : isEmpty ? "empty" : "intact",
      lines: this.#lines,
      first: this.#first && pointOf(this.#first),
      last: this.#last && pointOf(this.#last),
      breaks: this.#breaks.slice(0, BREAKS_MAX),
      notes: this.#notes,
    }
  }

  /** Bytes that are no line are in order when the next line tells of exactly them. */
  #account(line: Line): void {
    const [first] = this.#strange
    if (first === undefined) return
    const bytes = Buffer.concat(
      this.#strange.flatMap((piece) => (piece.isEnded ? [piece.bytes, NEWLINE] : [piece.bytes])),
    )
    this.#strange = []
    const torn = bytes.subarray(0, bytes.length - 1)
    if (line.torn?.bytes === torn.length && line.torn.sha256 === sha256(torn)) {
      this.#notes.push(
        `A process was ended while it wrote line ${line.seq}; the ${torn.length} bytes are kept and told of.`,
      )
    } else this.#broken(first, "it is not what was written: it was changed or damaged")
  }

  #begin(line: Line, piece: Piece): void {
    const { mustFollow } = this.#options
    if (mustFollow !== undefined && line.prev !== mustFollow)
      this.#broken(piece, `it does not follow the line with the sum ${mustFollow}`)
    if (mustFollow !== undefined) return
    if (line.lost !== undefined) this.#lost(line, piece)
    else if (line.seq !== 1 || line.prev !== NO_SUM)
      this.#broken(piece, `it is line ${line.seq} of the record: lines 1 to ${line.seq - 1} are not here`)
  }

  #follow(last: Point, line: Line, piece: Piece): void {
    if (line.lost !== undefined && line.prev === last.sum) return this.#lost(line, piece)
    if (line.seq > last.seq + 1)
      return this.#broken(piece, `lines ${last.seq + 1} to ${line.seq - 1} are missing before it: they were removed`)
    if (line.seq <= last.seq)
      return this.#broken(piece, `it is line ${line.seq} of the record, and stands after line ${last.seq}`)
    if (line.prev !== last.sum)
      this.#broken(piece, "it does not follow the line before it: one of the two was replaced")
  }

  #lost({ seq, lost }: Line, piece: Piece): void {
    const lines = lost?.lines ?? 0
    this.#broken(
      piece,
      `${count(lines)} before it had been written and were gone when it was (to ${seq - 1}): cut off, or lost by a power cut`,
    )
  }

  #end(): void {
    const { file } = this.#options
    const end = this.#last?.seq ?? 0
    if (this.#head === "missing") {
      if (end > 0)
        this.#breaks.push({ file, meaning: "its head is missing: whether lines were cut off its end cannot be told" })
    } else if (this.#head.seq > end) {
      const lines = count(this.#head.seq - end)
      this.#breaks.push({
        file,
        meaning: `${lines} after line ${end} had been written and are gone: cut off, or lost by a power cut`,
      })
    } else if (this.#headSum !== undefined && this.#headSum !== this.#head.sum) {
      this.#breaks.push({ file, meaning: `line ${this.#head.seq} is not the one that was written: it was replaced` })
    }
    const [first] = this.#strange
    if (first === undefined) return
    if (this.#head !== "missing" && this.#head.seq <= end)
      this.#notes.push(
        "Its last bytes are the beginning of a line: a process was ended while it wrote. The next entry tells of it.",
      )
    else this.#broken(first, "it is not what was written: it was changed or damaged")
  }

  #broken({ file, number }: Piece, meaning: string): void {
    this.#breaks.push({ file, line: number, meaning })
  }
}

const NEWLINE = Buffer.from("\n")

function count(lines: number): string {
  return lines === 1 ? "1 line" : `${lines} lines`
}

function pointOf({ seq, at, sum }: Point): Point {
  return { seq, at, sum }
}
