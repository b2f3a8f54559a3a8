import type { GatheredSection } from "@skein/core/ports"
import { BYTES_MAX, type InstructionFile, type RefusedFile } from "./collect.ts"
import { linesText } from "./comments.ts"
import { visibleLine } from "./visible.ts"

/** A section for a file, and why it is there. */
export interface FileSection extends GatheredSection {
  readonly path: string
  readonly why: string
}

export interface Fitted {
  readonly sections: readonly FileSection[]
  readonly refused: readonly RefusedFile[]
}

/** What a person wrote for all projects keeps this much, however long the project's files are. */
const GLOBAL_BYTES = 8_000
/** Of one nested file. It does not depend on the others, so that the same file always gives the same bytes. */
const NESTED_BYTES = 8_000

/**
 * The files as sections of at most so many bytes altogether (32,000), headings included, in reading order. The nearest come first
 * when room is short: the last file, then those before it, each from its beginning.
 */
export function fitted(files: readonly InstructionFile[], bytesMax: number = BYTES_MAX): Fitted {
  const pieces = files.map(pieceOf)
  const given = new Map<Piece, number>()
  let left = bytesMax
  const give = (piece: Piece, most: number) => {
    const before = given.get(piece) ?? 0
    const now = Math.min(piece.bytes, before + left, most)
    if (now < piece.headingBytes || now <= before) return
    given.set(piece, now)
    left -= now - before
  }
  const global = pieces.filter(({ file }) => file.rank === "global")
  for (const piece of global) give(piece, Math.min(GLOBAL_BYTES, bytesMax / 4))
  for (const piece of nearestFirst(pieces.filter(({ file }) => file.rank === "near"))) give(piece, bytesMax)
  for (const piece of global) give(piece, bytesMax)
  return split(pieces, (piece) => given.get(piece), bytesMax)
}

/** Nested files as sections: each cut by itself, and whole ones left for another time when there are too many. */
export function fittedNested(files: readonly InstructionFile[]): Fitted {
  const pieces = files.map(pieceOf)
  const given = new Map<Piece, number>()
  let left = BYTES_MAX
  for (const piece of nearestFirst(pieces)) {
    const bytes = Math.min(piece.bytes, NESTED_BYTES)
    if (bytes > left) continue
    given.set(piece, bytes)
    left -= bytes
  }
  return split(pieces, (piece) => given.get(piece), BYTES_MAX)
}

interface Piece {
  readonly file: InstructionFile
  readonly body: Buffer
  /** The most that its heading takes. */
  readonly headingBytes: number
  /** Heading and text. */
  readonly bytes: number
}

function pieceOf(file: InstructionFile): Piece {
  const body = Buffer.from(file.text)
  const headingBytes = Buffer.byteLength(`${headingOf(file, body.length + file.bytesUnread)}\n`)
  return { file, body, headingBytes, bytes: headingBytes + body.length }
}

/** A file goes before its imports, and all of them before what is farther away. */
function nearestFirst(pieces: readonly Piece[]): Piece[] {
  const groups: Piece[][] = []
  for (const piece of pieces) {
    if (piece.file.isImport) groups.at(-1)?.push(piece)
    else groups.push([piece])
  }
  return groups.reverse().flat()
}

function split(pieces: readonly Piece[], given: (piece: Piece) => number | undefined, bytesMax: number): Fitted {
  const sections: FileSection[] = []
  const refused: RefusedFile[] = []
  for (const piece of pieces) {
    const bytes = given(piece)
    if (bytes !== undefined) sections.push(sectionOf(piece, bytes - piece.headingBytes))
    else refused.push({ path: piece.file.path, reason: `there is no room: all together take ${bytesMax} bytes` })
  }
  return { sections, refused }
}

function sectionOf({ file, body }: Piece, bodyBytes: number): FileSection {
  const kept = bodyBytes >= body.length ? file.text : body.subarray(0, cutAt(body, bodyBytes)).toString()
  const bytesOmitted = body.length + file.bytesUnread - Buffer.byteLength(kept)
  const text = `${headingOf(file, bytesOmitted)}\n${kept}`
  const { path, why } = file
  return { ...section("agents_md", text), path, why, ...(bytesOmitted > 0 ? { bytesOmitted } : {}) }
}

/** Text as a section of the session's context. */
export function section(source: string, text: string): GatheredSection {
  const sha256 = Bun.CryptoHasher.hash("sha256", text, "hex")
  return { source, text, sha256, bytes: Buffer.byteLength(text) }
}

function headingOf({ path, why, commentLines }: InstructionFile, bytesOmitted: number): string {
  const hidden = commentLines.length > 0 ? `; without its comments, ${linesText(commentLines)}` : ""
  const cut = bytesOmitted > 0 ? `; its last ${bytesOmitted} bytes are left out, read the file for them` : ""
  return `# Instructions from ${visibleLine(path)} (${visibleLine(why)}${hidden}${cut})`
}

/** The end of the last whole line that fits, or of the last whole character when that would lose more than half. */
function cutAt(body: Buffer, bytesMax: number): number {
  let at = Math.max(0, bytesMax)
  while (at > 0 && ((body[at] ?? 0) & 0xc0) === 0x80) at--
  const line = body.subarray(0, at).lastIndexOf(0x0a) + 1
  return line > at / 2 ? line : at
}
