import { type Cursor, fail, looksAt, peek, skipBlanks } from "./cursor.ts"
import { noteNames } from "./expansions.ts"
import { looksAtWord, readWord } from "./words.ts"

const ARITHMETIC = new Set(["-eq", "-ne", "-lt", "-le", "-gt", "-ge"])

/** `[[ … ]]`: what is compared as numbers is evaluated, and so is a subscript behind `-v`. */
export function readTest(cursor: Cursor): void {
  cursor.pos += 2
  let operator = ""
  let before = ""
  for (;;) {
    skipSpace(cursor)
    if (looksAtWord(cursor, "]]")) break
    const sign = ["&&", "||", "(", ")", "<", ">"].find((one) => looksAt(cursor, one))
    if (sign !== undefined) {
      cursor.pos += sign.length
      operator = ""
      before = ""
      continue
    }
    const at = cursor.pos
    const word = readWord(cursor, { isTest: true, isRegex: operator === "=~" })
    if (cursor.pos === at) fail("A test cannot be read")
    if (ARITHMETIC.has(operator)) evaluated(cursor, [before, word.text])
    if ((operator === "-v" || operator === "-R") && word.text.includes("[")) fail("A test that evaluates a subscript")
    before = operator
    operator = word.text
  }
  cursor.pos += 2
}

function evaluated(cursor: Cursor, sides: readonly string[]): void {
  for (const side of sides) {
    if (/['"\\]/.test(side) && /[`[]/.test(side)) fail("A quoted text that is compared as a number is evaluated")
    noteNames(cursor, side)
  }
}

function skipSpace(cursor: Cursor): void {
  skipBlanks(cursor)
  while (peek(cursor) === "\n") {
    if (cursor.pending.length > 0) fail("A here-document has no text")
    cursor.pos += 1
    skipBlanks(cursor)
  }
}
