import { PLACEHOLDER } from "../pictures/placeholders.ts"

/** What a person takes for one character, or the part of a long one that has cells of its own; and the cells it covers. */
export interface Grapheme {
  readonly text: string
  readonly columns: 1 | 2
  /** False where terminals are known to differ in its width: emoji, flags, what is joined. */
  readonly isSure: boolean
}

/**
 * The characters of a text, controls made visible: no byte of a text can move the cursor or end a sequence. What covers no
 * cell (zero-width spaces, direction marks, tags) is left out.
 */
export function graphemes(text: string): readonly Grapheme[] {
  const shown = guarded(text)
  const simple = simpleGraphemes(shown)
  if (simple !== undefined) return simple
  const all: Grapheme[] = []
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" })
  for (const { segment: whole } of segmenter.segment(shown)) {
    const segment = whole.startsWith(FLAG) ? whole : whole.replace(TAGS, "")
    const columns = Bun.stringWidth(segment)
    if (columns <= 2 || PICTURE.test(segment)) add(all, segment, columns)
    else for (const part of lettersOf(segment)) add(all, part, Bun.stringWidth(part))
  }
  return all
}

function add(all: Grapheme[], text: string, columns: number): void {
  if (columns > 0) all.push({ text, columns: columns > 1 ? 2 : 1, isSure: isSure(text) })
}

/**
 * Letters that join into one, as those of India and Cambodia do, have a cell each in a terminal: more than two of them are told
 * apart, each with the marks that follow it. Pictures never are.
 */
function lettersOf(segment: string): readonly string[] {
  const parts: string[] = []
  for (const character of segment) {
    const isOwn = parts.length === 0 || Bun.stringWidth(character) > 0
    if (isOwn) parts.push(character)
    else parts.push(`${parts.pop() ?? ""}${character}`)
  }
  return parts
}

const PICTURE = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u

/** Only after this one do tags say something that is seen: which flag. Anywhere else they would be hidden text. */
const FLAG = "\u{1f3f4}"
const TAGS = /[\u{e0000}-\u{e007f}]+/gu

/** Cells that a text covers. */
export function columnsOf(text: string): number {
  if (isPlainAscii(text)) return text.length
  let columns = 0
  for (const grapheme of graphemes(text)) columns += grapheme.columns
  return columns
}

/** Printable ASCII alone: every code unit is one cell. */
export function isPlainAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) return false
  }
  return true
}

/** Made on first use: it costs more than a millisecond, and plain text and our own glyphs never need it. */
let segmenter: Intl.Segmenter | undefined

/** Controls of C0 have a picture each; DEL has one too; those of C1 and what is no character have none. */
export function guarded(text: string): string {
  if (isPlainAscii(text)) return text
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (control) => {
    const code = control.charCodeAt(0)
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd"
  })
}

/** Undefined as soon as one character may join with its neighbours. */
function simpleGraphemes(text: string): Grapheme[] | undefined {
  const all: Grapheme[] = new Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const grapheme = code < 0x7f ? ascii(code) : other(code)
    if (grapheme === undefined) return undefined
    all[at] = grapheme
  }
  return all
}

const ASCII: Grapheme[] = []

function ascii(code: number): Grapheme {
  const known = ASCII[code]
  if (known !== undefined) return known
  const made: Grapheme = { text: String.fromCharCode(code), columns: 1, isSure: true }
  ASCII[code] = made
  return made
}

function other(code: number): Grapheme | undefined {
  const columns = simpleColumns(code)
  return columns === 0 ? undefined : { text: String.fromCharCode(code), columns, isSure: true }
}

/**
 * One or two cells for characters that stand alone whatever follows from the same set, and that every terminal gives the
 * same width; 0 for all others. Covers Latin, Greek, Cyrillic, our glyphs, kana, Hangul and the common ideographs.
 */
export function simpleColumns(code: number): 0 | 1 | 2 {
  if (code < 0x300) return code >= 0xa0 ? (code === 0xad ? 0 : 1) : code >= 0x20 && code < 0x7f ? 1 : 0
  if (code < 0x2000) return isLetterOfOneCell(code) ? 1 : 0
  if (code < 0x3000) return isSignOfOneCell(code) ? 1 : 0
  return isWide(code) ? 2 : 0
}

function isLetterOfOneCell(code: number): boolean {
  return (code >= 0x386 && code <= 0x482 && code !== 0x38b && code !== 0x38d) || (code >= 0x48a && code <= 0x52f)
}

function isSignOfOneCell(code: number): boolean {
  return (
    (code >= 0x2010 && code <= 0x2027) ||
    (code >= 0x2030 && code <= 0x205e) ||
    (code >= 0x2190 && code <= 0x2319) ||
    (code >= 0x2400 && code <= 0x2426) ||
    (code >= 0x2500 && code <= 0x25fc) ||
    (code >= 0x2800 && code <= 0x28ff) ||
    code === 0x2713 ||
    code === 0x2717
  )
}

function isWide(code: number): boolean {
  return (
    (code >= 0x3001 && code <= 0x3029) ||
    (code >= 0x3041 && code <= 0x3096) ||
    (code >= 0x30a0 && code <= 0x30ff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xff01 && code <= 0xff60)
  )
}

/** One of the simple ones, perhaps with accents of the oldest block on it; or a part of a picture, which is for those that know it. */
function isSure(segment: string): boolean {
  if (segment.startsWith(PLACEHOLDER)) return true
  if (simpleColumns(segment.charCodeAt(0)) === 0 && segment !== "\ufffd") return false
  for (let at = 1; at < segment.length; at++) {
    const code = segment.charCodeAt(at)
    if (code < 0x300 || code > 0x36f) return false
  }
  return true
}
