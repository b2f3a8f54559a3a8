import type { InputPart } from "@skein/protocol"
import type { Chip } from "./state.ts"

/**
 * A chip stands in the text as one character that no one types. Should one of these come in a text from outside, it
 * becomes a chip that stands for itself: so each reserved character of a text is a chip, and what is sent is exact.
 */
const FIRST = 0xf600
const LAST = 0xf8fe

/** Whether a code unit stands for a chip. */
export function isReserved(code: number): boolean {
  return code >= FIRST && code <= LAST
}

export type Chips = ReadonlyMap<string, Chip>

/** With one more chip, and the character that stands for it; undefined when there are too many. */
export function addChip(chips: Chips, chip: Chip): { readonly chips: Chips; readonly character: string } | undefined {
  for (let code = FIRST; code <= LAST; code++) {
    const character = String.fromCharCode(code)
    if (!chips.has(character)) return { chips: new Map(chips).set(character, chip), character }
  }
  return undefined
}

/** Text from outside as it may stand in a composer: newlines are `\n`, reserved characters are chips. */
export function admitted(chips: Chips, foreign: string): { readonly chips: Chips; readonly text: string } {
  const text = foreign.includes("\r") ? foreign.replaceAll(/\r\n?/g, "\n") : foreign
  if (!hasReserved(text)) return { chips, text }
  let known = chips
  const parts = [...text].map((character) => {
    if (!isReserved(character.charCodeAt(0))) return character
    const added = addChip(known, { kind: "text", text: character, lines: 1, isPasted: false })
    known = added?.chips ?? known
    return added?.character ?? "\ufffd"
  })
  return { chips: known, text: parts.join("") }
}

/** The text with every text chip in full. Others become what `other` makes of them. */
export function expanded(text: string, chips: Chips, other: (chip: Chip) => string): string {
  if (chips.size === 0 || !hasReserved(text)) return text
  return pieces(text, chips)
    .map((piece) => (typeof piece === "string" ? piece : piece.kind === "text" ? piece.text : other(piece)))
    .join("")
}

/** What is sent: texts and images in the order they stand in. Throws while one of them is still being read. */
export function inputParts(text: string, chips: Chips): readonly InputPart[] {
  const parts: InputPart[] = []
  let run = ""
  const flush = () => {
    if (run !== "") parts.push({ type: "text", text: run })
    run = ""
  }
  for (const piece of pieces(text, chips)) {
    if (typeof piece === "string") run += piece
    else if (piece.kind === "text") run += piece.text
    else if (piece.kind === "expected") throw new Error("A prompt was sent before what was pasted into it was read")
    else {
      flush()
      parts.push({ type: "image", mediaType: piece.mediaType, data: piece.data, name: piece.name })
    }
  }
  flush()
  return parts
}

/** `[42 lines pasted]`, `[image: shot.png 34 kB]`. */
export function chipLabel(chip: Chip): string {
  if (chip.kind === "image") return `[image: ${chip.name} ${sizeText(chip.bytes)}]`
  if (chip.kind === "expected") return `[reading ${chip.name}]`
  if (!chip.isPasted) return `[U+${(chip.text.codePointAt(0) ?? 0).toString(16).toUpperCase()}]`
  return chip.lines > 1 ? `[${chip.lines} lines pasted]` : `[${sizeText(chip.text.length)} pasted]`
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function hasReserved(text: string): boolean {
  return /[\uf600-\uf8fe]/.test(text)
}

function pieces(text: string, chips: Chips): (string | Chip)[] {
  const found: (string | Chip)[] = []
  let from = 0
  for (const match of text.matchAll(/[\uf600-\uf8fe]/g)) {
    const chip = chips.get(match[0])
    if (chip === undefined) continue
    if (match.index > from) found.push(text.slice(from, match.index))
    found.push(chip)
    from = match.index + 1
  }
  if (from < text.length) found.push(text.slice(from))
  return found
}
