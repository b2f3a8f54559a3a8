/** An object of JSON or TOML, nothing known of its fields. */
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

/** `{key: value}`, or nothing when there is no value. */
export function given<V>(key: string, value: V | undefined): Record<string, V> {
  return value === undefined ? {} : { [key]: value }
}
