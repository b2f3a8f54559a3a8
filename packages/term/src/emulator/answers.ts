import type { Size } from "../frame.ts"
import type { Sequence } from "./sequences.ts"

/** What an answer depends on; row and column from 0. */
export interface Asked {
  readonly size: Size
  readonly row: number
  readonly column: number
  readonly modes: ReadonlySet<number>
}

/** Modes a program may ask about: wrapping, screen, cursor, focus, paste, synchronized output. */
const KNOWN_MODES = [7, 25, 1004, 1049, 2004, 2026]

/** What a plain terminal with a dark background replies to a question; nothing when it is none, or one it does not know. */
export function answerTo(sequence: Sequence, asked: Asked): string | undefined {
  if (sequence.kind === "osc") return colorAnswer(sequence.number, sequence.text)
  if (sequence.kind === "string") return stringAnswer(sequence.opener, sequence.text)
  if (sequence.kind !== "csi") return undefined
  const { prefix, raw, intermediates, final } = sequence
  const { size, row, column } = asked
  switch (`${prefix}${intermediates}${final}`) {
    case "c":
      return "\x1b[?62;22c"
    case ">c":
      return "\x1b[>1;10;0c"
    case "n":
      return raw === "6" ? `\x1b[${row + 1};${column + 1}R` : raw === "5" ? "\x1b[0n" : undefined
    case "?n":
      return raw === "6" ? `\x1b[?${row + 1};${column + 1}R` : raw === "996" ? "\x1b[?997;1n" : undefined
    case "?u":
      return "\x1b[?0u"
    case ">q":
      return "\x1bP>|emulator(1.0)\x1b\\"
    case "?$p": {
      const mode = Number(raw)
      return `\x1b[?${mode};${KNOWN_MODES.includes(mode) ? (asked.modes.has(mode) ? 1 : 2) : 0}$y`
    }
    case "t":
      if (raw === "14") return `\x1b[4;${size.rows * 16};${size.columns * 8}t`
      if (raw === "16") return "\x1b[6;16;8t"
      return raw === "18" ? `\x1b[8;${size.rows};${size.columns}t` : undefined
    default:
      return undefined
  }
}

function colorAnswer(number: number, text: string): string | undefined {
  if (number === 4) {
    const [index = "", question] = text.split(";")
    return question === "?" ? `\x1b]4;${index};rgb:8080/8080/8080\x1b\\` : undefined
  }
  if (text !== "?" || number < 10 || number > 12) return undefined
  return `\x1b]${number};rgb:${number === 11 ? "1111/1111/1111" : "cccc/cccc/cccc"}\x1b\\`
}

function stringAnswer(opener: string, text: string): string | undefined {
  if (opener !== "P") return undefined
  if (text.startsWith("+q")) return `\x1bP0+r${text.slice(2)}\x1b\\`
  return text.startsWith("$q") ? "\x1bP0$r\x1b\\" : undefined
}
