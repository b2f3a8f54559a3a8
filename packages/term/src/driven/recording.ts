import type { Size } from "../frame.ts"

/** What a program wrote, and when its terminal changed its size. Times are milliseconds since it was started. */
export type Entry =
  | { readonly atMs: number; readonly bytes: Uint8Array }
  | { readonly atMs: number; readonly size: Size }

/** All that came of a program's terminal, in order. */
export interface Recording {
  readonly size: Size
  readonly entries: readonly Entry[]
}

/** A piece of a recording. */
export interface Stretch {
  /** It stands between the marks of synchronized output (DEC 2026): a terminal shows it all at once. */
  readonly isFrame: boolean
  /** It was begun as a frame, and the recording ends in it. */
  readonly isOpen: boolean
  readonly startMs: number
  readonly endMs: number
  /** Without the marks themselves. */
  readonly bytes: Uint8Array
}

const BEGIN = "\x1b[?2026h"
const END = "\x1b[?2026l"

/** The bytes of a recording, cut at the marks. What is neither in a frame nor empty is a stretch that is no frame. */
export function stretchesOf(recording: Recording): Stretch[] {
  const written = recording.entries.filter((entry) => "bytes" in entry)
  const all = Buffer.concat(written.map(({ bytes }) => bytes))
  const text = all.toString("latin1")
  const ends: number[] = []
  for (const { bytes } of written) ends.push((ends.at(-1) ?? 0) + bytes.length)
  let chunk = 0
  const timeOf = (offset: number) => {
    while (chunk < ends.length - 1 && (ends[chunk] ?? 0) <= offset) chunk++
    return written[chunk]?.atMs ?? 0
  }
  const stretches: Stretch[] = []
  const cut = (from: number, to: number, isFrame: boolean, isOpen = false) => {
    if (to <= from) return
    const startMs = timeOf(from)
    stretches.push({ isFrame, isOpen, startMs, endMs: timeOf(to - 1), bytes: all.subarray(from, to) })
  }
  let at = 0
  while (at < text.length) {
    const begin = text.indexOf(BEGIN, at)
    cut(at, begin < 0 ? text.length : begin, false)
    if (begin < 0) break
    const end = text.indexOf(END, begin)
    cut(begin + BEGIN.length, end < 0 ? text.length : end, end >= 0, end < 0)
    if (end < 0) break
    at = end + END.length
  }
  return stretches
}

/** All bytes that were written. */
export function bytesOf({ entries }: Recording): number {
  return entries.reduce((sum, entry) => sum + ("bytes" in entry ? entry.bytes.length : 0), 0)
}
