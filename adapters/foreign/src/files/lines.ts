import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"

/** One line of a file. Without a text it was longer than the bound, and nothing of it was kept. */
export interface Line {
  /** Counted from 1. */
  readonly number: number
  readonly bytes: number
  readonly text: string | undefined
  /** Nothing ended it: the last line of a file whose writer was stopped, or still writes. */
  readonly isTorn: boolean
}

export interface LinesOptions {
  /** Bytes of the file to read; all when absent. What is written behind them meanwhile is not read. */
  readonly bytesMax?: number | undefined
  readonly lineBytesMax?: number | undefined
}

/** A screenshot of a few megabytes in base64 is an ordinary line. */
const LINE_BYTES_MAX = 32 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024

/** The lines of a file, in order. Never more in memory than one of them and one chunk, whatever the file holds. */
export async function* linesOf(path: string, options: LinesOptions = {}): AsyncGenerator<Line> {
  const collector = new Collector(options.lineBytesMax ?? LINE_BYTES_MAX)
  for await (const chunk of chunksOf(path, options.bytesMax)) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      collector.add(chunk.subarray(from, at))
      yield collector.line(false)
      from = at + 1
    }
    collector.add(chunk.subarray(from))
  }
  if (collector.bytes > 0) yield collector.line(true)
}

const NEWLINE = 0x0a

/**
 * The bytes of a file in pieces. A piece is valid until the next one is asked for. A pipe, which nobody may ever write to,
 * and a device, which may never end, are refused.
 */
export async function* chunksOf(path: string, bytesMax = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  await using file = await opened(path)
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let left = bytesMax; left > 0; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK_BYTES, left))
    if (bytesRead === 0) return
    left -= bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** A file to read from, and nothing else. */
export async function opened(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new Error("it is no regular file")
}

/** Bytes of the line under way, until there are too many. */
class Collector {
  readonly #bytesMax: number
  #parts: Buffer[] = []
  #number = 0
  bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  add(part: Buffer): void {
    this.bytes += part.length
    if (this.bytes > this.#bytesMax) this.#parts = []
    // A copy, because the chunk is written over.
    else if (part.length > 0) this.#parts.push(Buffer.from(part))
  }

  line(isTorn: boolean): Line {
    const text = this.bytes > this.#bytesMax ? undefined : Buffer.concat(this.#parts).toString("utf8")
    const line = { number: ++this.#number, bytes: this.bytes, text, isTorn }
    this.#parts = []
    this.bytes = 0
    return line
  }
}
