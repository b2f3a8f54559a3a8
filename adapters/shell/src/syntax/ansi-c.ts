import { type Cursor, fail, peek } from "./cursor.ts"

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "?": "?",
}

/** `$'…'`: the text it stands for. The cursor goes behind it. */
export function ansiC(cursor: Cursor): string {
  cursor.pos += 2
  let text = ""
  for (;;) {
    const char = peek(cursor)
    if (char === "") fail("A quote is not closed")
    cursor.pos += 1
    if (char === "'") return text
    if (char !== "\\") {
      if (char === "\n" && cursor.pending.length > 0) fail("A quoted newline stands before a here-document's text")
      text += char
      continue
    }
    text += escaped(cursor)
  }
}

/** What follows a backslash. Forms that shells and parsers read differently are refused. */
function escaped(cursor: Cursor): string {
  const char = peek(cursor)
  const plain = SIMPLE[char]
  if (plain !== undefined) {
    cursor.pos += 1
    return plain
  }
  const rest = cursor.text.slice(cursor.pos, Math.min(cursor.pos + 9, cursor.end))
  const coded =
    /^([0-7]{1,3})/.exec(rest) ??
    /^x([0-9a-fA-F]{1,2})/.exec(rest) ??
    /^u([0-9a-fA-F]{1,4})/.exec(rest) ??
    /^U([0-9a-fA-F]{1,8})/.exec(rest)
  if (coded === null) fail("An escape in $'…' that is not read the same everywhere")
  cursor.pos += coded[0].length
  const code = Number.parseInt(coded[1] ?? "", /^[0-7]/.test(coded[0]) ? 8 : 16)
  // NUL ends the text in bash; bytes above ASCII depend on the locale.
  if (code === 0 || (code > 0x7e && /^[0-7x]/.test(coded[0])) || code > 0x10ffff)
    fail("An escape for a byte that is no character")
  return String.fromCodePoint(code)
}
