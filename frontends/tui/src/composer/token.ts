import { isBlank } from "./words.ts"

/** What of the text can be completed: text[start, end) is what a choice takes the place of. */
export interface Token {
  readonly kind: "file" | "command" | "argument" | "shell"
  readonly start: number
  readonly end: number
  readonly query: string
  /** Of an argument: the command's name. */
  readonly command?: string | undefined
  /** Of a file: whether `@` stands before it. */
  readonly isMention?: boolean | undefined
}

/** What stands at the caret: `@pa…` anywhere, `/com…` and its argument at the start of the text, a `!` line. */
export function tokenAt(text: string, caret: number): Token | undefined {
  return mentionAt(text, caret) ?? commandAt(text, caret) ?? shellAt(text, caret)
}

/** A word that Tab may take for a path although no `@` says so. */
export function pathAt(text: string, caret: number): Token | undefined {
  const start = wordStart(text, caret)
  const from = text[start] === "!" ? start + 1 : start
  return from === caret ? undefined : { kind: "file", start: from, end: caret, query: text.slice(from, caret) }
}

/** No one types a longer word to have it completed; and a key costs no more for a text without blanks. */
const WORD_MAX = 256

function wordStart(text: string, caret: number): number {
  let start = caret
  while (start > 0 && caret - start < WORD_MAX && !isBlank(text.charCodeAt(start - 1))) start--
  return start
}

function mentionAt(text: string, caret: number): Token | undefined {
  const start = wordStart(text, caret)
  const quoted = quotedStart(text, caret)
  const at = quoted ?? start
  const opened = text[at] === "(" ? at + 1 : at
  if (text[opened] !== "@") return undefined
  const from = text[opened + 1] === '"' ? opened + 2 : opened + 1
  if (from > caret) return undefined
  return { kind: "file", start: opened, end: caret, query: text.slice(from, caret), isMention: true }
}

/** `@"a path with`: blanks do not end it. */
function quotedStart(text: string, caret: number): number | undefined {
  const from = Math.max(0, caret - WORD_MAX)
  const near = text.slice(from, caret)
  const open = near.lastIndexOf('@"')
  if (open === -1) return undefined
  const inside = near.slice(open + 2)
  return inside.includes('"') || inside.includes("\n") ? undefined : from + open
}

function commandAt(text: string, caret: number): Token | undefined {
  if (text[0] !== "/" || caret === 0 || caret > WORD_MAX) return undefined
  const typed = text.slice(1, caret)
  if (/^(?:[a-z-][\w:.-]*)?$/i.test(typed)) {
    const rest = /^[\w:.-]*/.exec(text.slice(caret, caret + WORD_MAX))?.[0].length ?? 0
    return { kind: "command", start: 0, end: caret + rest, query: typed }
  }
  const [, command, query] = /^([a-z][\w:.-]*) +([^\n]*)$/i.exec(typed) ?? []
  if (command === undefined || query === undefined) return undefined
  return { kind: "argument", start: caret - query.length, end: caret, query, command: command.toLowerCase() }
}

function shellAt(text: string, caret: number): Token | undefined {
  if (text[0] !== "!" || caret !== text.length || text.length > WORD_MAX || text.includes("\n")) return undefined
  return { kind: "shell", start: 0, end: caret, query: text }
}
