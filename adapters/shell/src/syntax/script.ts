import { readCompound } from "./compound.ts"
import { type Cursor, deeper, fail, looksAt, peek, skipBlanks } from "./cursor.ts"
import { readHeredocs } from "./heredocs.ts"
import type { List, Node } from "./nodes.ts"
import { readSimple } from "./simple.ts"
import { looksAtWord } from "./words.ts"

/** Words that end a list of commands: what opened it reads them. */
const CLOSING = ["then", "do", "done", "fi", "else", "elif", "esac", "}"]

/** Commands up to a closing word, one of `closers`, or the end. */
export function readScript(cursor: Cursor, closers: readonly string[]): Node {
  return deeper(cursor, () => {
    const items: List["items"][number][] = []
    for (;;) {
      skipLines(cursor)
      if (isAtEnd(cursor, closers)) break
      const isTurned = skipPrefixes(cursor)
      const node = readPipeline(cursor)
      skipBlanks(cursor)
      items.push({ node, after: separator(cursor, closers), ...(isTurned ? { isTurned } : {}) })
    }
    if (cursor.pending.length > 0) fail("A here-document has no text")
    return { kind: "list", items }
  })
}

function separator(cursor: Cursor, closers: readonly string[]): List["items"][number]["after"] {
  for (const word of ["&&", "||"] as const) {
    if (looksAt(cursor, word)) {
      cursor.pos += 2
      skipLines(cursor)
      if (isAtEnd(cursor, closers)) fail("Nothing follows an operator")
      return word
    }
  }
  const char = peek(cursor)
  if (looksAt(cursor, ";;") || looksAt(cursor, ";&")) {
    if (closers.includes(";;")) return ";"
    fail("It cannot be read as a shell line")
  }
  if (char === ";" || char === "&") {
    cursor.pos += 1
    return char
  }
  if (char === "\n" || char === "" || closers.includes(char)) return ";"
  fail("It cannot be read as a shell line")
}

/** Blanks and newlines; the bodies of here-documents stand behind the first newline. */
export function skipLines(cursor: Cursor): void {
  skipBlanks(cursor)
  while (peek(cursor) === "\n") {
    cursor.pos += 1
    readHeredocs(cursor)
    skipBlanks(cursor)
  }
}

function isAtEnd(cursor: Cursor, closers: readonly string[]): boolean {
  const char = peek(cursor)
  if (char === "") return true
  if (closers.includes(char)) return true
  if (closers.includes(";;") && (looksAt(cursor, ";;") || looksAt(cursor, ";&"))) return true
  return CLOSING.some((word) => looksAtWord(cursor, word))
}

function readPipeline(cursor: Cursor): Node {
  const parts: Node[] = [readCommand(cursor)]
  for (;;) {
    skipBlanks(cursor)
    if (peek(cursor) !== "|" || peek(cursor, 1) === "|") break
    cursor.pos += peek(cursor, 1) === "&" ? 2 : 1
    skipLines(cursor)
    parts.push(readCommand(cursor))
  }
  const [only, ...more] = parts
  return only !== undefined && more.length === 0 ? only : { kind: "pipeline", parts }
}

/** Whether there is a `!`, which turns a result around; `time` is read as a program, which is how the other reader sees it. */
function skipPrefixes(cursor: Cursor): boolean {
  const from = cursor.pos
  while (looksAtWord(cursor, "!")) {
    cursor.pos += 1
    skipBlanks(cursor)
  }
  return cursor.pos > from
}

function readCommand(cursor: Cursor): Node {
  return readCompound(cursor, { script: readScript, command: readCommand, skipLines }) ?? readSimple(cursor)
}
