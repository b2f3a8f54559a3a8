import type { JsonSchema } from "./lenient.ts"

/** A schema in one line: `{path: string, edits: [{oldText: string, …}], limit?: integer}`. */
export function shapeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ")
  if (schema.type === "array") return `[${shapeOf(schema.items ?? {})}]`
  if (schema.type !== "object") return schema.type ?? "any"
  const required = new Set(schema.required)
  const keys = Object.entries(schema.properties ?? {})
  return `{${keys.map(([key, value]) => `${key}${required.has(key) ? "" : "?"}: ${shapeOf(value)}`).join(", ")}}`
}
