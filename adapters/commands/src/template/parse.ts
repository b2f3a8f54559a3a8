import type { Dialect } from "../files/find.ts"

/** A piece of a command's text. What a piece is filled with is never read as a template again. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | Filled
  /** A line for the shell, whose output takes its place. */
  | { readonly kind: "shell"; readonly line: readonly LinePiece[] }
  /** A file, whose content takes its place. */
  | { readonly kind: "file"; readonly path: readonly LinePiece[] }
export type LinePiece = { readonly kind: "text"; readonly text: string } | Filled

/** What a person wrote behind the command. */
export type Filled =
  | { readonly kind: "all" }
  /** As it is counted in the text: from 1, or from 0. */
  | { readonly kind: "position"; readonly index: number }
  /** Always counted from 0. */
  | { readonly kind: "word"; readonly index: number }
  | { readonly kind: "named"; readonly name: string }

/** Takes a text apart, as the program reads it for which it was written. */
export function pieces(text: string, dialect: Dialect): readonly Piece[] {
  return dialect === "gemini" ? bracedPieces(text) : dollarPieces(text, dialect)
}

const SHELL = "!`(?<shell>[^`\\n]+)`"
const FILE = "(?<=^|[\\s(])@(?<file>(?:[\\w./~-]|\\$ARGUMENTS\\b|\\$\\d)+)"
const ARGUMENTS = "\\$ARGUMENTS\\[(?<at>\\d+)\\]|(?<all>\\$ARGUMENTS\\b)|\\$(?<position>\\d)(?!\\d)"
const NAMED = "\\$(?<named>[A-Z][A-Z0-9_]*)\\b"

function dollarPieces(text: string, dialect: Dialect): readonly Piece[] {
  const parts = dialect === "codex" ? [ARGUMENTS, NAMED] : [SHELL, FILE, ARGUMENTS]
  return taken(text, new RegExp(parts.join("|"), "gm"), ({ shell, file, ...filled }): Piece => {
    if (shell !== undefined) return { kind: "shell", line: linePieces(shell) }
    if (file === undefined) return filledOf(filled)
    return { kind: "file", path: linePieces(file) }
  })
}

function linePieces(line: string): readonly LinePiece[] {
  return taken(line, new RegExp(ARGUMENTS, "g"), filledOf)
}

type Groups = Readonly<Record<string, string | undefined>>

function filledOf({ at, position, named }: Groups): Filled {
  if (named !== undefined) return { kind: "named", name: named }
  if (at !== undefined) return { kind: "word", index: Number(at) }
  return position === undefined ? { kind: "all" } : { kind: "position", index: Number(position) }
}

function taken<P>(
  text: string,
  pattern: RegExp,
  pieceOf: (groups: Groups) => P,
): (P | { readonly kind: "text"; readonly text: string })[] {
  const found: (P | { readonly kind: "text"; readonly text: string })[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) found.push({ kind: "text", text: text.slice(from, match.index) })
    found.push(pieceOf(match.groups ?? {}))
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) })
  return found
}

/** `{{args}}`, `!{line}` and `@{path}`, with braces that match in the last two. */
function bracedPieces(text: string): readonly Piece[] {
  const found: Piece[] = []
  let from = 0
  for (let at = 0; at < text.length; ) {
    const opened = text.startsWith("!{", at) || text.startsWith("@{", at)
    const end = opened ? closingOf(text, at + 1) : text.startsWith("{{args}}", at) ? at + 7 : -1
    if (end === -1) {
      at += 1
      continue
    }
    if (at > from) found.push({ kind: "text", text: text.slice(from, at) })
    const inner = argsIn(text.slice(at + 2, end).trim())
    if (!opened) found.push({ kind: "all" })
    else found.push(text[at] === "!" ? { kind: "shell", line: inner } : { kind: "file", path: inner })
    at = end + 1
    from = at
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) })
  return found
}

const argsIn = (text: string) => taken(text, /\{\{args\}\}/g, (): Filled => ({ kind: "all" }))

/** The brace that closes the one at `at`; -1 where none does. */
function closingOf(text: string, at: number): number {
  let depth = 0
  for (let index = at; index < text.length; index++) {
    if (text[index] === "{") depth += 1
    if (text[index] === "}") depth -= 1
    if (depth === 0) return index
  }
  return -1
}
