import { ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { binaryKind } from "./kinds.ts"
import type { Place } from "./place.ts"
import { type LineView, viewLines } from "./view.ts"

const PART_BYTES = 1_000_000
/** How far a file is searched for a line: reading must come to an end. */
const SEARCHED_BYTES_MAX = 256_000_000

export interface LargeFile {
  readonly place: Place
  readonly bytes: number
}

/**
 * Lines of a file that is too large to be held. Bytes that are not UTF-8 are shown as "\uFFFD"; such a file is not
 * edited.
 */
export async function largeView(
  file: LargeFile,
  from: number,
  limit: number,
  world: ToolWorld,
  signal: AbortSignal,
): Promise<LineView> {
  const { place, bytes: size } = file
  const start = await lineOffset(file, from, world, signal)
  const part = await world.files.readPart(place.path, { offset: start, bytesMax: PART_BYTES })
  if (part.subarray(0, 8_000).includes(0))
    throw new ToolFailure(`${place.shown} is ${binaryKind(part)} (${size} bytes), not text.`)
  const lines = new TextDecoder().decode(part).split(/\r\n|\n/)
  const isEnd = start + part.length >= size
  // The last piece is half a line, or the nothing after the last line end.
  if (lines.length > 1 && (!isEnd || lines.at(-1) === "")) lines.pop()
  const view = viewLines(lines, from, limit, from)
  return { ...view, isMore: view.isMore || !isEnd }
}

/** Where line `from` starts. */
async function lineOffset(
  { place, bytes: size }: LargeFile,
  from: number,
  world: ToolWorld,
  signal: AbortSignal,
): Promise<number> {
  const partAt = (offset: number) => world.files.readPart(place.path, { offset, bytesMax: PART_BYTES })
  let line = 1
  for (let offset = 0; line < from; offset += PART_BYTES) {
    signal.throwIfAborted()
    const part = offset < SEARCHED_BYTES_MAX ? await partAt(offset) : new Uint8Array()
    if (part.length === 0)
      throw new ToolFailure(`${place.shown} (${size} bytes) has no line ${from} within ${offset} bytes.`)
    for (let at = part.indexOf(NEWLINE); at !== -1; at = part.indexOf(NEWLINE, at + 1)) {
      line += 1
      if (line === from && offset + at + 1 < size) return offset + at + 1
    }
  }
  return 0
}

const NEWLINE = 0x0a
