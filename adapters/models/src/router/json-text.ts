import { asObject, type JsonObject } from "../wire/json.ts"

/** A JSON value inside a text, and where the text goes on. */
export interface JsonAt {
  readonly value: unknown
  readonly end: number
}

/** The object or list that begins at `from`, after blanks; undefined when none does, or it is not whole. */
export function jsonAt(text: string, from: number): JsonAt | undefined {
  const start = afterBlanks(text, from)
  const end = endOf(text, start)
  if (end === undefined) return undefined
  const value = parsed(text.slice(start, end))
  return value === undefined ? undefined : { value, end }
}

/** An object, or the text of one: several models write their arguments as JSON within JSON. */
export function objectOf(value: unknown): JsonObject | undefined {
  if (value === undefined || value === null || value === "") return {}
  return asObject(typeof value === "string" ? parsed(value) : value)
}

export function afterBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && /\s/.test(text.charAt(at))) at++
  return at
}

/** The value of a JSON text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever asks wants to know whether it is JSON, and that is the answer.
    return undefined
  }
}

/** After the bracket that closes the one at `start`; brackets in strings do not count. */
function endOf(text: string, start: number): number | undefined {
  if (text[start] !== "{" && text[start] !== "[") return undefined
  let depth = 0
  let isInString = false
  for (let at = start; at < text.length; at++) {
    const sign = text[at]
    if (isInString) {
      if (sign === "\\") at++
      else if (sign === '"') isInString = false
    } else if (sign === '"') isInString = true
    else if (sign === "{" || sign === "[") depth++
    else if ((sign === "}" || sign === "]") && --depth === 0) return at + 1
  }
  return undefined
}
