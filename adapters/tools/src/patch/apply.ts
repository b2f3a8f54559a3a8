import { ToolFailure } from "@skein/core/ports"
import { lineHunks } from "../edit/hunks.ts"
import { indenter } from "../edit/indent.ts"
import { linesOf } from "../edit/lines.ts"
import type { Stage } from "../edit/match.ts"
import { mergeSplices } from "../edit/merge.ts"
import { rawIndexes, type Splice, spliceBytes } from "../files/splice.ts"
import { decodeText, lineEndOf, type TextFile } from "../files/text.ts"
import { type Located, locate, type Searched } from "./locate.ts"
import type { Chunk } from "./operations.ts"

export interface Patched {
  readonly bytes: Uint8Array
  /** How loosely chunks were found, each way once. */
  readonly stages: readonly Stage[]
}

/**
 * Applies the chunks of one file, all of them found in what it holds before the first; every byte outside of the lines that change
 * stays. Throws ToolFailure that names the chunk which does not fit.
 */
export async function applyChunks(bytes: Uint8Array, chunks: readonly Chunk[]): Promise<Patched> {
  const file = decodeText(bytes)
  if (file === undefined) throw new ToolFailure("The file is binary: it can be replaced as a whole, but not patched.")
  const located = locateAll(file, chunks)
  const splices: Splice[] = []
  for (const one of located) splices.push(...(await splicesOf(file, one)))
  const ordered = splices
    .filter(({ start, end, text }) => text !== "" || end > start)
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
  return { bytes: spliceBytes(bytes, file, ordered), stages: [...new Set(located.map(({ stage }) => stage))] }
}

function locateAll(file: TextFile, chunks: readonly Chunk[]): readonly Located[] {
  const lines = linesOf(file.text)
  const located: Located[] = []
  for (const [index, chunk] of chunks.entries()) {
    const searched: Searched = { text: file.text, lines, taken: located.map(({ match }) => match) }
    try {
      located.push(locate(chunk, searched))
    } catch (cause) {
      if (!(cause instanceof ToolFailure)) throw cause
      const which = chunks.length === 1 ? "its chunk" : `chunk ${index + 1} of ${chunks.length}`
      throw new ToolFailure(`${which} does not fit: ${cause.message}`, { cause })
    }
  }
  return located
}

async function splicesOf(file: TextFile, { match, old, next }: Located): Promise<readonly Splice[]> {
  if (match.start === match.end) return [{ start: match.start, end: match.end, text: next, lineEnd: file.lineEnd }]
  const [oldLines, nextLines] = [old.split("\n"), next.split("\n")]
  const toRaw = rawIndexes(file.raw)
  const lineEnd = lineEndOf(file.raw.slice(toRaw(match.start), toRaw(match.end))) ?? file.lineEnd
  const hunks = await lineHunks(oldLines, nextLines)
  return mergeSplices({ match, old: oldLines, next: nextLines, hunks, indent: indenter(match, oldLines), lineEnd })
}
