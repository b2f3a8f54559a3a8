import { type Cursor, fail, peek, skipBlanks, takingNested } from "./cursor.ts"
import { substitution } from "./expansions.ts"
import type { Assignment, Redirect, Simple, Word } from "./nodes.ts"
import { readRedirect } from "./redirects.ts"
import { readWord } from "./words.ts"

const SEPARATOR = "It changes the separator of words, IFS"
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)(\[[^\]\n]*\])?\+?=/
const READING = new Set(["read", "mapfile", "readarray", "printf", "getopts"])
const DECLARING = new Set(["declare", "typeset", "export", "local", "readonly"])

/** A program with its words, assignments and redirections. */
export function readSimple(cursor: Cursor): Simple {
  const start = cursor.pos
  const assigns: Assignment[] = []
  const words: Word[] = []
  const redirects: Redirect[] = []
  const { nested } = takingNested(cursor, () => {
    for (;;) {
      skipBlanks(cursor)
      const redirect = readRedirect(cursor)
      if (redirect !== undefined) {
        redirects.push(redirect)
        continue
      }
      const assignment = words.length === 0 ? readAssignment(cursor) : undefined
      if (assignment !== undefined) {
        assigns.push(assignment)
        continue
      }
      const word = readArgument(cursor, words[0])
      if (word === undefined) break
      if (words.length === 0) cursor.facts.commandStarts.add(word.start)
      words.push(word)
    }
  })
  if (words.length === 0 && assigns.length === 0 && redirects.length === 0) fail("It cannot be read as a shell line")
  if (words[0]?.value !== "read" && assigns.some(({ name }) => name === "IFS")) fail(SEPARATOR)
  if (words.length === 0) for (const { name, value, text } of assigns) note(cursor, name, isSum(text) ? "0" : value)
  noteRead(cursor, words)
  const text = cursor.text.slice(start, cursor.pos).trimEnd()
  return { kind: "simple", assigns, words, redirects, nested, text, start }
}

function readArgument(cursor: Cursor, program: Word | undefined): Word | undefined {
  const start = cursor.pos
  if ((peek(cursor) === "<" || peek(cursor) === ">") && peek(cursor, 1) === "(") {
    substitution(cursor, 2)
    if (!/^[ \t\n;&|)<>]?$/.test(peek(cursor))) fail("A process substitution inside of a word")
    // It becomes the path of a pipe.
    return { value: undefined, text: cursor.text.slice(start, cursor.pos), start, head: "/dev/fd/", isSplit: false }
  }
  const isDeclaring = program?.value !== undefined && DECLARING.has(program.value)
  const word = readWord(cursor)
  if (cursor.pos === start) return undefined
  if (isDeclaring) declared(cursor, word)
  if (isDeclaring && peek(cursor) === "(" && word.text.endsWith("=")) {
    readArray(cursor)
    return { ...word, value: undefined, head: word.head || word.text, text: cursor.text.slice(start, cursor.pos) }
  }
  return word
}

function readAssignment(cursor: Cursor): Assignment | undefined {
  const start = cursor.pos
  const found = ASSIGNMENT.exec(cursor.text.slice(start, Math.min(start + 4_096, cursor.end)))
  const [all, name, subscript] = found ?? []
  if (all === undefined || name === undefined) return undefined
  if (subscript !== undefined && !/^\[\w*\]$/.test(subscript)) fail("A subscript that is evaluated")
  cursor.pos += all.length
  const isArray = peek(cursor) === "("
  const value = isArray ? readArray(cursor) : readWord(cursor, { isAssignment: true }).value
  return { name, value, text: cursor.text.slice(start, cursor.pos) }
}

/** `(a b c)`: its words count only for the substitutions in them. */
function readArray(cursor: Cursor): undefined {
  cursor.pos += 1
  for (;;) {
    skipBlanks(cursor)
    const char = peek(cursor)
    if (char === "\n") {
      if (cursor.pending.length > 0) fail("A here-document has no text")
      cursor.pos += 1
    } else if (char === ")") {
      cursor.pos += 1
      return undefined
    } else {
      const start = cursor.pos
      const word = readWord(cursor)
      if (cursor.pos === start) fail("An array cannot be read")
      if (evaluates(word.value) || word.text.startsWith("["))
        fail("An array with subscripts or substitutions in quotes")
    }
  }
}

function declared(cursor: Cursor, word: Word): void {
  const found = ASSIGNMENT.exec(word.text)
  if (evaluates(word.value)) fail("A value with a substitution in quotes, which arithmetic would run")
  if (found?.[1] === "IFS") fail(SEPARATOR)
  if (found?.[1] !== undefined) note(cursor, found[1], word.value?.slice(found[0].length))
}

/** Arithmetic runs substitutions in what a variable holds, so a quoted one in a value may run later. */
function note(cursor: Cursor, name: string, value: string | undefined): void {
  if (evaluates(value)) fail("A value with a substitution in quotes, which arithmetic would run")
  const known = cursor.facts.assigned.get(name)
  const isPlain = value !== undefined && /^[-+0-9A-Za-z_./]*$/.test(value) && !/^[A-Za-z_]/.test(value)
  cursor.facts.assigned.set(name, { isPlain: isPlain && known?.isPlain !== false })
}

/** What is read from elsewhere may hold anything. */
function noteRead(cursor: Cursor, [program, ...rest]: readonly Word[]): void {
  if (program?.value === undefined || !READING.has(program.value)) return
  for (const { value } of rest) {
    if (value === "IFS") fail(SEPARATOR)
    if (value !== undefined && /^[A-Za-z_]\w*$/.test(value)) cursor.facts.assigned.set(value, { isPlain: false })
  }
}

/** `n=$((n + 1))` gives a number. */
function isSum(text: string): boolean {
  return /=\$\(\([^()]*\)\)$/.test(text)
}

export function evaluates(value: string | undefined): boolean {
  return value !== undefined && /\$\(|`/.test(value)
}
