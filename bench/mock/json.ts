/** JSON from outside, read without trusting its shape: a wrong shape reads as empty. */
export type Json = { readonly [key: string]: unknown }

export function object(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(object) : []
}

export function string(value: unknown): string {
  return typeof value === "string" ? value : ""
}

/** The text of a message's content, which every wire writes as a string or as parts with a `text`. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content
  return list(content)
    .map((part) => string(part.text))
    .join("\n")
}
