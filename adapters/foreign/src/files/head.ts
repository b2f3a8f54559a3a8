import { Ledger } from "../ledger.ts"
import { type Rec, recordsOf } from "./records.ts"

/** Lines looked at to learn what a log is: the person's first words come early in all of them. */
const LINES_MAX = 60
const BYTES_MAX = 4 * 1024 * 1024

/** The first objects of a log. */
export async function headOf(path: string): Promise<readonly Rec[]> {
  const found: Rec[] = []
  for await (const record of recordsOf(path, new Ledger(), { bytesMax: BYTES_MAX, lineBytesMax: BYTES_MAX / 2 })) {
    found.push(record)
    if (found.length >= LINES_MAX) break
  }
  return found
}

const PREVIEW_CHARS_MAX = 200

/** A text on one line, bounded. */
export function previewOf(text: string): string {
  const line = text
    .slice(0, PREVIEW_CHARS_MAX * 4)
    .replace(/\s+/g, " ")
    .trim()
  return line.length > PREVIEW_CHARS_MAX ? `${line.slice(0, PREVIEW_CHARS_MAX - 1)}…` : line
}
