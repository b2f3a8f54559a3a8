/** An object that came from outside, as JSON or TOML: nothing is known of its fields. */
export type Json = Readonly<Record<string, unknown>>

/** The value as an object, or undefined when it is anything else. */
export function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function asTexts(value: unknown): readonly string[] {
  return asList(value).filter((entry) => typeof entry === "string")
}

/** One line of JSON that holds an object; undefined for anything else, so that a broken line ends nothing. */
export function parseObject(line: string): Json | undefined {
  try {
    return asObject(JSON.parse(line))
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

/** Whether two values of JSON say the same, whatever the order of their keys. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((entry, index) => isSameJson(entry, right[index]))
  }
  const [a, b] = [asObject(left), asObject(right)]
  if (!a || !b) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSameJson(a[key], b[key]))
}

/** `{key: value}`, or nothing when there is no value: for objects whose absent fields must be absent. */
export function given<V>(key: string, value: V | undefined): Record<string, V> {
  return value === undefined ? {} : { [key]: value }
}
