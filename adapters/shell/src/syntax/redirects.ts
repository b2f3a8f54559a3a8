import { type Cursor, fail, peek, skipBlanks } from "./cursor.ts"
import { substitution } from "./expansions.ts"
import { announce } from "./heredocs.ts"
import type { Redirect } from "./nodes.ts"
import { readWord } from "./words.ts"

const OPERATOR = /^(?:[0-9]{1,4}|\{[A-Za-z_]\w*\})?(&>>|&>|<<<|<<-|<<|<>|<&|>&|>>|>\||<|>)/

type Kind = Redirect["kind"]
const KINDS: Readonly<Record<string, Kind>> = {
  "<": "read",
  "<>": "both",
  "<&": "duplicate",
  ">&": "duplicate",
  "<<<": "text",
  "<<": "text",
  "<<-": "text",
}

/** A redirection, when one stands here. */
export function readRedirect(cursor: Cursor): Redirect | undefined {
  const start = cursor.pos
  const [all, operator] = OPERATOR.exec(cursor.text.slice(start, Math.min(start + 80, cursor.end))) ?? []
  if (all === undefined || operator === undefined) return undefined
  // `<(` and `>(` are process substitutions.
  if (/^[<>]$/.test(operator) && all === operator && peek(cursor, 1) === "(") return undefined
  cursor.pos += all.length
  skipBlanks(cursor)
  if (operator === "<<" || operator === "<<-")
    return announce(cursor, { start, operator, at: start + all.length - operator.length })
  const from = cursor.pos
  if ((peek(cursor) === "<" || peek(cursor) === ">") && peek(cursor, 1) === "(") {
    substitution(cursor, 2)
    const text = cursor.text.slice(from, cursor.pos)
    const target = { value: undefined, text, start: from, head: "/dev/fd/", isSplit: false }
    return { kind: "duplicate", target, text: cursor.text.slice(start, cursor.pos) }
  }
  const target = readWord(cursor)
  if (cursor.pos === from) fail("A redirection names no file")
  const text = cursor.text.slice(start, cursor.pos)
  if (operator === "<<<")
    return { kind: "text", target, body: target.value === undefined ? undefined : `${target.value}\n`, text }
  return { kind: kindOf(operator, target.value), target, text }
}

/** `>&2` names another stream, `>&file` a file. */
function kindOf(operator: string, target: string | undefined): Kind {
  const kind = KINDS[operator] ?? "write"
  if (kind !== "duplicate") return kind
  if (target !== undefined && /^(?:[0-9]+-?|-)$/.test(target)) return "duplicate"
  return operator === ">&" ? "write" : "read"
}
