/** What a server or a file said, as far as it is an object. */
export type Fields = Readonly<Record<string, unknown>>

/** Longer than any token, and than any account's name. */
const CHARS_MAX = 16_384

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** Undefined for a text that is no JSON object. */
export function parsedFields(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** A text that is there and not too long. */
export function textIn(fields: Fields | undefined, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields?.[name]
    if (typeof value === "string" && value !== "" && value.length <= CHARS_MAX) return value
  }
  return undefined
}

/** A number that is there; a text of digits counts, as some servers send one. */
export function numberIn(fields: Fields | undefined, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = fields?.[name]
    const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value
    if (typeof number === "number" && Number.isFinite(number)) return number
  }
  return undefined
}

/** A token as it can stand in a header. */
export function tokenIn(fields: Fields | undefined, ...names: readonly string[]): string | undefined {
  const token = textIn(fields, ...names)
  return token !== undefined && /^[\x21-\x7e]+$/.test(token) ? token : undefined
}
