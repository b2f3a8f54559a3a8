import { type Cursor, fail, peek, takingNested } from "./cursor.ts"
import { newDraft, type Redirect } from "./nodes.ts"
import { readWord } from "./words.ts"

const HEREDOCS_MAX = 200

interface Announced {
  readonly start: number
  readonly operator: string
  /** Where the operator itself stands. */
  readonly at: number
}

/** `<<END`: its text stands behind the next newline. */
export function announce(cursor: Cursor, { start, operator, at }: Announced): Redirect {
  const from = cursor.pos
  const raw = /^(?:'[^'\n]*'|"[^"\n$`\\]*"|[A-Za-z0-9_.+@%-]+)(?=[ \t\n;&|<>()]|$)/.exec(
    cursor.text.slice(from, Math.min(from + 300, cursor.end)),
  )?.[0]
  if (raw === undefined) fail("A here-document with an end that is read differently")
  const target = readWord(cursor)
  const delimiter = target.value
  if (delimiter === undefined || delimiter === "" || cursor.pos !== from + raw.length)
    fail("A here-document with an unclear end")
  const redirect: { -readonly [K in keyof Redirect]: Redirect[K] } = {
    kind: "text",
    target,
    body: undefined,
    text: cursor.text.slice(start, cursor.pos),
  }
  if (cursor.pending.length + cursor.facts.heredocs.length >= HEREDOCS_MAX) fail("It holds too many here-documents")
  cursor.pending.push({
    delimiter,
    isQuoted: /['"]/.test(raw),
    stripsTabs: operator === "<<-",
    operator: at,
    settle: (body, nested) => {
      redirect.body = body
      redirect.nested = nested
    },
  })
  return redirect
}

/** The texts of all here-documents announced on the line that has just ended. */
export function readHeredocs(cursor: Cursor): void {
  const pending = cursor.pending
  cursor.pending = []
  for (const [index, one] of pending.entries()) {
    if (index > 0 && peek(cursor) === "\n") cursor.pos += 1
    const from = cursor.pos
    const to = endOf(cursor, one.delimiter, one.stripsTabs)
    cursor.facts.heredocs.push({ operator: one.operator, from, to: cursor.pos })
    const raw = cursor.text.slice(from, to)
    const body = one.stripsTabs ? raw.replace(/^\t+/gm, "") : raw
    const { value: isKnown, nested } = takingNested(cursor, () => one.isQuoted || expand(cursor, from, to))
    one.settle(isKnown ? body : undefined, nested)
  }
}

/** Where the text ends; the cursor goes behind the line that says so. */
function endOf(cursor: Cursor, delimiter: string, stripsTabs: boolean): number {
  for (let at = cursor.pos; at < cursor.end; ) {
    const newline = cursor.text.indexOf("\n", at)
    const lineEnd = newline < 0 || newline > cursor.end ? cursor.end : newline
    const line = cursor.text.slice(at, lineEnd)
    if ((stripsTabs ? line.replace(/^\t+/, "") : line) === delimiter) {
      // The newline after it stays: it ends the line of commands that it stands on.
      cursor.pos = lineEnd
      return at
    }
    at = lineEnd + 1
  }
  fail("A here-document is not closed")
}

/** Substitutions in the text run. True when it is the same whenever it runs. */
function expand(cursor: Cursor, from: number, to: number): boolean {
  const { pos, end } = cursor
  cursor.pos = from
  cursor.end = to
  const draft = newDraft()
  while (peek(cursor) !== "") cursor.read.piece(cursor, draft, /[$`\\]/)
  cursor.pos = pos
  cursor.end = end
  // With a backslash in it, what it stands for is not what is written.
  return draft.isKnown && !cursor.text.slice(from, to).includes("\\")
}
