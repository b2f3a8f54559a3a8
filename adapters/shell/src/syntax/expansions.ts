import { type Cursor, deeper, fail, looksAt, peek } from "./cursor.ts"
import { newDraft } from "./nodes.ts"

/** `many`: it becomes several words even in quotes. `literal`: only a dollar sign, and the cursor has not moved. */
export type Expansion = "one" | "many" | "literal"

/** What a dollar sign begins. The cursor goes behind it. */
export function dollar(cursor: Cursor, isQuoted: boolean): Expansion {
  const next = peek(cursor, 1)
  if (next === "(") {
    if (peek(cursor, 2) === "(") arithmeticIn(cursor, 3)
    else substitution(cursor, 2)
    return "one"
  }
  if (next === "{") return parameter(cursor, isQuoted)
  if (next === "[") fail("The old form of arithmetic, $[ ]")
  const name = /^[A-Za-z_][A-Za-z0-9_]*|^[0-9@*#?$!-]/.exec(cursor.text.slice(cursor.pos + 1, cursor.pos + 257))?.[0]
  if (name === undefined || cursor.pos + 1 >= cursor.end) return "literal"
  noteName(cursor, name)
  cursor.pos += 1 + name.length
  return name === "@" || name === "*" ? "many" : "one"
}

/** Commands in parentheses, in a shell of their own: `$( )`, `<( )`. */
export function substitution(cursor: Cursor, opening: number): void {
  deeper(cursor, () => {
    cursor.pos += opening
    const outer = cursor.pending
    cursor.pending = []
    const script = cursor.read.script(cursor, [")"])
    if (peek(cursor) !== ")") fail("A substitution is not closed")
    cursor.pos += 1
    cursor.pending = outer
    cursor.nested.push(script)
  })
}

/** Bash looks for the closing backtick first and reads what is between only then. */
export function backtick(cursor: Cursor): void {
  deeper(cursor, () => {
    const close = cursor.text.indexOf("`", cursor.pos + 1)
    if (close < 0 || close >= cursor.end) fail("A backtick is not closed")
    if (cursor.text.slice(cursor.pos, close).includes("\\")) fail("A backslash between backticks")
    const { end, pending } = cursor
    cursor.pos += 1
    cursor.end = close
    cursor.pending = []
    const script = cursor.read.script(cursor, [])
    if (cursor.pos !== close) fail("What stands between backticks cannot be read")
    cursor.pos = close + 1
    cursor.end = end
    cursor.pending = pending
    cursor.nested.push(script)
  })
}

/** `${…}`. Forms that evaluate what a variable holds are refused. */
function parameter(cursor: Cursor, isQuoted: boolean): Expansion {
  return deeper(cursor, () => {
    cursor.pos += 2
    if (/[\s|]/.test(peek(cursor))) fail("A substitution in braces that runs commands")
    const head = /^(!?)(#?)([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])?/.exec(
      cursor.text.slice(cursor.pos, cursor.pos + 258),
    )
    const [all = "", bang, , name = ""] = head ?? []
    if (bang === "!") fail("An indirect expansion, which evaluates what a variable holds")
    noteName(cursor, name)
    cursor.pos += all.length
    const isList = name === "@" || name === "*" || looksAt(cursor, "[@]") || looksAt(cursor, "[*]")
    const from = cursor.pos
    if (/^:?=/.test(cursor.text.slice(from, from + 2))) cursor.facts.assigned.set(name, { isPlain: false })
    if (/^(?:\[[@*]\])?@[A-Za-z]*P/.test(cursor.text.slice(from, from + 12)))
      fail("An expansion that evaluates its value, with @P")
    // A subscript or an offset is arithmetic.
    if (peek(cursor) === "[" || /^:[^-+=?]/.test(cursor.text.slice(from, from + 2))) noteArithmetic(cursor, from)
    parameterRest(cursor, isQuoted)
    return isList ? "many" : "one"
  })
}

function parameterRest(cursor: Cursor, isQuoted: boolean): void {
  const draft = newDraft()
  for (;;) {
    const char = peek(cursor)
    if (char === "}") break
    if (char === "") fail("A substitution is not closed")
    if (char === "{" || (char === "'" && isQuoted)) fail("Quotes or braces in an expansion, which are read differently")
    if (char === "<" || char === ">") {
      if (peek(cursor, 1) === "(") fail("A process substitution in an expansion")
    }
    if (char === "'") skipSingleQuoted(cursor)
    else if (char === '"') {
      cursor.pos += 1
      cursor.read.quoted(cursor, draft)
    } else if (char === "\\") cursor.pos += 2
    else cursor.read.piece(cursor, draft, /[$`"\\]/)
  }
  cursor.pos += 1
}

function skipSingleQuoted(cursor: Cursor): void {
  const close = cursor.text.indexOf("'", cursor.pos + 1)
  if (close < 0 || close >= cursor.end) fail("A quote is not closed")
  cursor.pos = close + 1
}

/** `$(( ))` and `(( ))`: substitutions in it run. What is not plainly arithmetic up to its end is refused. */
export function arithmeticIn(cursor: Cursor, opening: number): void {
  deeper(cursor, () => {
    cursor.pos += opening
    const from = cursor.pos
    const draft = newDraft()
    let open = 0
    for (;;) {
      const char = peek(cursor)
      if (char === "" || char === "'" || char === "\\" || char === "#" || char === "{")
        fail("Arithmetic that cannot be read")
      if (char === ")" && open === 0) break
      if (char === "(") open += 1
      if (char === ")") open -= 1
      if (char === '"') {
        cursor.pos += 1
        cursor.read.quoted(cursor, draft)
      } else cursor.read.piece(cursor, draft, /[$`"\\]/)
    }
    if (peek(cursor, 1) !== ")") fail("Double parentheses that may be two subshells")
    noteNames(cursor, cursor.text.slice(from, cursor.pos))
    cursor.pos += 2
  })
}

function noteArithmetic(cursor: Cursor, from: number): void {
  const close = cursor.text.indexOf("}", from)
  noteNames(cursor, cursor.text.slice(from, Math.min(close < 0 ? cursor.end : close, cursor.end)))
}

/** Commands that print a number and nothing else, whatever their files hold and are called. */
const COUNTS =
  /(?:^|\|)\s*(?:wc\s+-[clmw](?:\s*<\s*["']?[\w./${}~-]+["']?)?|(?:wc\s+-[clmw]\s*\|\s*)?tr\s+-d\s+['"]? ['"]?|date\s+(?:-u\s+)?["']?\+%[a-zA-Z]["']?|nproc|id\s+-u|tput\s+(?:cols|lines)|git\s+rev-list\s+--count\s+[\w./^~ -]+|grep\s+-[bciEFhsvwx]*c[bciEFhsvwx]*\s+["']?[\w .-]+["']?\s+[\w./-]+|stat\s+-c\s*["']?%[sYXZW]["']?\s+[\w./-]+)\s*$/

/** Arithmetic evaluates the text that a name holds, and the names in that; and what a command prints there. */
export function noteNames(cursor: Cursor, text: string): void {
  const printed = text.replace(/\$\(([^()`]*)\)/g, (whole, line: string) => (COUNTS.test(line) ? "" : whole))
  if (/\$\((?!\()|`/.test(printed))
    fail("Arithmetic evaluates what a command prints, and that is only known when it runs")
  if (/\$\{?[0-9@*]/.test(printed)) fail("Arithmetic evaluates an argument, and that is only known when it runs")
  for (const [name] of text.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g)) cursor.facts.arithmetic.add(name)
}

function noteName(_cursor: Cursor, name: string): void {
  if (name === "IFS") fail("The separator of words, $IFS, stands for blanks")
}
