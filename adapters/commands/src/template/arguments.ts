import { SkeinError } from "@skein/protocol"
import type { Dialect } from "../files/find.ts"
import type { Filled, LinePiece, Piece } from "./parse.ts"

/** What a person wrote behind a command, as its text asks for it. */
export interface Arguments {
  /** What stands in a place. Throws SkeinError `op.invalid` for a name that has no value. */
  valueOf(filled: Filled): string
  /** The words of a place that stands for several. */
  wordsOf(filled: Filled): readonly string[]
  /** Whether there is a place for any of it. */
  readonly isUsed: boolean
}

/**
 * `$1` is the first word, but in a text that counts from 0 (`$0`, `$ARGUMENTS[0]`). For opencode the last number takes all
 * that is left, as it does there.
 */
export function argumentsOf(args: string, all: readonly Piece[], dialect: Dialect): Arguments {
  const places = all.flatMap(filledIn)
  const indexes = places.flatMap((place) => (place.kind === "position" ? [place.index] : []))
  const first = indexes.includes(0) || places.some(({ kind }) => kind === "word") ? 0 : 1
  const last = Math.max(...indexes)
  const words = splitWords(args)
  const named = namedIn(words)
  const wordsOf = (filled: Filled): readonly string[] => {
    if (filled.kind === "all") return dialect === "gemini" ? [args] : words
    if (filled.kind === "word") return words.slice(filled.index, filled.index + 1)
    if (filled.kind === "named") return [valueNamed(filled.name, named, places)]
    const at = filled.index - first
    return dialect === "opencode" && filled.index === last ? words.slice(at) : words.slice(at, at + 1)
  }
  return {
    wordsOf,
    valueOf: (filled) => (filled.kind === "all" ? args : wordsOf(filled).join(" ")),
    isUsed: places.length > 0,
  }
}

function filledIn(piece: Piece | LinePiece): readonly Filled[] {
  if (piece.kind === "text") return []
  if (piece.kind === "shell") return piece.line.flatMap(filledIn)
  if (piece.kind === "file") return piece.path.flatMap(filledIn)
  return [piece]
}

/** Words as a shell splits them: quotes hold one together, and a backslash means the next character. */
export function splitWords(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*'|["'\\])+/g) ?? []
  return words.map((word) =>
    word.replaceAll(/\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g, (_, sign, double, single) =>
      String(sign ?? single ?? String(double).replaceAll(/\\(["\\$`])/g, "$1")),
    ),
  )
}

function namedIn(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.flatMap((word) => {
      const [, name, value = ""] = /^([A-Z][A-Z0-9_]*)=([\s\S]*)$/.exec(word) ?? []
      return name === undefined ? [] : [[name, value] as const]
    }),
  )
}

function valueNamed(name: string, named: ReadonlyMap<string, string>, places: readonly Filled[]): string {
  const value = named.get(name)
  if (value !== undefined) return value
  const names = [...new Set(places.flatMap((place) => (place.kind === "named" ? [place.name] : [])))]
  throw new SkeinError(
    "op.invalid",
    `Nothing was said of ${names.filter((each) => !named.has(each)).join(", ")}. Write: ${names.map((each) => `${each}=…`).join(" ")}`,
  )
}
