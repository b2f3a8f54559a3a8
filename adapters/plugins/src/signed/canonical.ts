/**
 * One text for one value, so that what was signed can be told from any other way to write it: members in the order of their
 * UTF-16 units, numbers and texts as JavaScript writes them, no space. (RFC 8785, JSON Canonicalization Scheme.) Throws
 * TypeError for what JSON cannot say: an infinite number, half of a surrogate pair, undefined.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value)
  if (typeof value === "number") return numberText(value)
  if (typeof value === "string") return stringText(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object") throw new TypeError(`JSON has no ${typeof value}`)
  // The default order of JavaScript is that of UTF-16 units.
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${stringText(key)}:${canonical(member)}`).join(",")}}`
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError("JSON has no such number")
  return JSON.stringify(value)
}

function stringText(value: string): string {
  if (!value.isWellFormed()) throw new TypeError("A text has half of a surrogate pair")
  return JSON.stringify(value)
}
