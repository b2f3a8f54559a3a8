import { type Draft, type Facts, type Node, noFacts, Unreadable } from "./nodes.ts"

/** How deep substitutions, groups and quotes may nest before a line counts as not understood. */
const DEPTH_MAX = 60

interface PendingHeredoc {
  readonly delimiter: string
  readonly isQuoted: boolean
  readonly stripsTabs: boolean
  readonly operator: number
  settle(body: string | undefined, nested: readonly Node[]): void
}

/** Readers that need each other: words hold scripts, and scripts words. */
export interface Readers {
  /** Commands up to one of these characters, or the end. */
  script(cursor: Cursor, closers: readonly string[]): Node
  /** Up to the closing quote. */
  quoted(cursor: Cursor, draft: Draft): void
  /** One character or expansion of what stands in quotes. */
  piece(cursor: Cursor, draft: Draft, escapable: RegExp): void
}

/** Where the reader stands in the text, and what it has found. */
export interface Cursor {
  readonly text: string
  pos: number
  end: number
  depth: number
  /** Here-documents announced on this line, whose bodies begin with the next one. */
  pending: PendingHeredoc[]
  /** Substitutions found since somebody last took them. */
  nested: Node[]
  readonly facts: Facts
  readonly home: string | undefined
  readonly read: Readers
}

export function cursorOver(text: string, home: string | undefined, read: Readers): Cursor {
  const facts = noFacts()
  return { text, pos: 0, end: text.length, depth: 0, pending: [], nested: [], facts, home, read }
}

export function peek(cursor: Cursor, ahead = 0): string {
  const at = cursor.pos + ahead
  return at < cursor.end ? (cursor.text[at] ?? "") : ""
}

export function looksAt(cursor: Cursor, word: string): boolean {
  return cursor.pos + word.length <= cursor.end && cursor.text.startsWith(word, cursor.pos)
}

export function fail(reason: string): never {
  throw new Unreadable(reason)
}

/** Goes one level deeper, within a bound, so that no text can exhaust the stack. */
export function deeper<T>(cursor: Cursor, read: () => T): T {
  if (cursor.depth >= DEPTH_MAX) fail("It nests too deep to be followed")
  cursor.depth += 1
  try {
    return read()
  } finally {
    cursor.depth -= 1
  }
}

/** Takes the substitutions that `read` finds, apart from those found before. */
export function takingNested<T>(
  cursor: Cursor,
  read: () => T,
): { readonly value: T; readonly nested: readonly Node[] } {
  const before = cursor.nested
  cursor.nested = []
  try {
    const value = read()
    return { value, nested: cursor.nested }
  } finally {
    cursor.nested = before
  }
}

/** Blanks, comments, and lines continued between words. */
export function skipBlanks(cursor: Cursor): void {
  for (;;) {
    const char = peek(cursor)
    if (char === " " || char === "\t") {
      cursor.pos += 1
    } else if (char === "\\" && peek(cursor, 1) === "\n") {
      const before = cursor.text[cursor.pos - 1] ?? " "
      const after = peek(cursor, 2)
      if (!/[ \t\n;&|(]/.test(before) && !/^[ \t\n]?$/.test(after)) fail("A line is continued in the middle of a word")
      if (cursor.pending.length > 0) fail("A line with a here-document is continued")
      cursor.pos += 2
    } else if (char === "#" && /^[ \t\n;&|()]?$/.test(cursor.text[cursor.pos - 1] ?? "")) {
      while (cursor.pos < cursor.end && peek(cursor) !== "\n") cursor.pos += 1
    } else {
      return
    }
  }
}
