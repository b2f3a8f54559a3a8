import { ansiC } from "./ansi-c.ts"
import { type Cursor, deeper, fail, looksAt, peek } from "./cursor.ts"
import { backtick, dollar } from "./expansions.ts"
import { type Draft, newDraft, type Word } from "./nodes.ts"

/** What ends an unquoted word. */
const META = new Set([" ", "\t", "\n", ";", "&", "|", "<", ">", "(", ")"])

export interface WordPlace {
  /** In `[[ ]]` there is no splitting; after `=~` parentheses belong to the word. */
  readonly isTest?: boolean
  readonly isRegex?: boolean
  readonly isAssignment?: boolean
}

/** One word, as bash reads it. The cursor stands at its first character; an empty word means that none is there. */
export function readWord(cursor: Cursor, place: WordPlace = {}): Word {
  const start = cursor.pos
  const draft = newDraft()
  readTilde(cursor, draft)
  for (let isOpen = true; isOpen; ) isOpen = readPiece(cursor, draft, place)
  const isPattern = !place.isAssignment && !place.isTest && isGlobOrBrace(draft.bare)
  const isKnown = draft.isKnown && !isPattern
  return {
    value: isKnown ? draft.literal : undefined,
    text: cursor.text.slice(start, cursor.pos),
    start,
    head: isPattern ? globFree(draft) : draft.isKnown ? draft.literal : draft.head,
    isSplit: draft.isSplit && !place.isAssignment && !place.isTest,
  }
}

function readPiece(cursor: Cursor, draft: Draft, place: WordPlace): boolean {
  const char = peek(cursor)
  if (char === "") return false
  if ((char === "<" || char === ">") && peek(cursor, 1) === "(" && !place.isTest) {
    fail("A process substitution inside of a word")
  }
  if (META.has(char)) {
    if (place.isRegex === true && (char === "(" || char === ")" || char === "|" || char === "<" || char === ">")) {
      return add(cursor, draft, char, true)
    }
    if (char === "(" && /[?*+@!]$/.test(draft.bare)) fail("An extended pattern, which depends on the shell's settings")
    return false
  }
  switch (char) {
    case "\\":
      return escaped(cursor, draft)
    case "'":
      return singleQuoted(cursor, draft)
    case '"':
      cursor.pos += 1
      doubleQuoted(cursor, draft)
      return true
    case "`":
      backtick(cursor)
      unknown(draft, true)
      return true
    case "$":
      return afterDollar(cursor, draft)
    default:
      return add(cursor, draft, char, true)
  }
}

function add(cursor: Cursor, draft: Draft, char: string, isBare: boolean): true {
  cursor.pos += char.length
  append(draft, char, isBare)
  return true
}

function append(draft: Draft, text: string, isBare: boolean): void {
  if (draft.isKnown) draft.literal += text
  draft.bare += isBare ? text : "\0".repeat(Math.min(text.length, 1))
}

function unknown(draft: Draft, isSplit: boolean): void {
  if (draft.isKnown) draft.head = draft.literal
  draft.isKnown = false
  draft.isSplit ||= isSplit
  draft.bare += "\0"
}

function escaped(cursor: Cursor, draft: Draft): boolean {
  const next = peek(cursor, 1)
  if (next === "\n") return false
  if (next === "") fail("It ends with a backslash")
  cursor.pos += 2
  append(draft, next, false)
  return true
}

function singleQuoted(cursor: Cursor, draft: Draft): true {
  const close = cursor.text.indexOf("'", cursor.pos + 1)
  if (close < 0 || close >= cursor.end) fail("A quote is not closed")
  const inner = cursor.text.slice(cursor.pos + 1, close)
  if (inner.includes("\n")) noHeredocPending(cursor)
  cursor.pos = close + 1
  append(draft, inner, false)
  return true
}

/** Up to the closing quote; the opening one is behind the cursor. */
export function doubleQuoted(cursor: Cursor, draft: Draft): void {
  deeper(cursor, () => {
    append(draft, "", false)
    for (;;) {
      const char = peek(cursor)
      if (char === "") fail("A quote is not closed")
      if (char === '"') break
      quotedPiece(cursor, draft, /[$`"\\]/)
    }
    cursor.pos += 1
  })
}

/** One character or expansion of what stands in double quotes, or in a here-document. */
export function quotedPiece(cursor: Cursor, draft: Draft, escapable: RegExp): void {
  const char = peek(cursor)
  const next = peek(cursor, 1)
  if (char === "\\" && next === "\n") fail("A line is continued in quotes")
  if (char === "\\" && escapable.test(next)) {
    cursor.pos += 2
    append(draft, next, false)
  } else if (char === "`") {
    backtick(cursor)
    unknown(draft, false)
  } else if (char === "$") {
    const found = dollar(cursor, true)
    if (found === "literal") add(cursor, draft, "$", false)
    else unknown(draft, found === "many")
  } else {
    if (char === "\n") noHeredocPending(cursor)
    add(cursor, draft, char, false)
  }
}

function afterDollar(cursor: Cursor, draft: Draft): true {
  const next = peek(cursor, 1)
  if (next === "'") {
    append(draft, ansiC(cursor), false)
    return true
  }
  if (next === '"') {
    cursor.pos += 2
    doubleQuoted(cursor, draft)
    // Its text is looked up in a catalogue of translations.
    unknown(draft, false)
    return true
  }
  const found = dollar(cursor, false)
  if (found === "literal") return add(cursor, draft, "$", true)
  unknown(draft, true)
  return true
}

function noHeredocPending(cursor: Cursor): void {
  if (cursor.pending.length > 0) fail("A quoted newline stands between a here-document and its text")
}

function readTilde(cursor: Cursor, draft: Draft): void {
  if (peek(cursor) !== "~") return
  if (cursor.home !== undefined && /^~(?:[/ \t\n;&|<>()]|$)/.test(cursor.text.slice(cursor.pos, cursor.pos + 2))) {
    cursor.pos += 1
    draft.literal += cursor.home
    return
  }
  while (cursor.pos < cursor.end && /[\w~.+-]/.test(peek(cursor))) cursor.pos += 1
  unknown(draft, false)
  // A home folder, whoever's, begins at the root.
  draft.head = "/"
}

/** Patterns become names of files, and braces several words: only running tells which. */
function isGlobOrBrace(bare: string): boolean {
  if (/[*?]/.test(bare)) return true
  const bracket = bare.indexOf("[")
  if (bracket >= 0 && bare.indexOf("]", bracket) >= 0) return true
  const brace = bare.indexOf("{")
  const inner = brace < 0 ? "" : bare.slice(brace, bare.lastIndexOf("}") + 1)
  return inner.includes(",") || inner.includes("..")
}

/** What every match of a pattern begins with. A `[` that is not one may begin the name too, so the head ends there. */
function globFree(draft: Draft): string {
  const known = draft.isKnown ? draft.literal : draft.head
  const at = known.search(/[*?[{]/)
  return at < 0 ? known : known.slice(0, at)
}

/** Whether the word, or any word it becomes, cannot be an option. */
export function isOperand(word: Word): boolean {
  if (word.value !== undefined) return !word.value.startsWith("-")
  return !word.isSplit && word.head !== "" && !word.head.startsWith("-")
}

export function looksAtWord(cursor: Cursor, word: string): boolean {
  return looksAt(cursor, word) && /^[ \t\n;&|<>()]?$/.test(peek(cursor, word.length))
}
