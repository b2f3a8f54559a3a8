import { asList, asObject, asTexts, type Json } from "@skein/protocol/json"

const DEPTH_MAX = 5
const PROPERTIES_MAX = 60

/** A JSON schema as a TypeScript type, on one line. What is not understood, or lies too deep, is `unknown`. Pure. */
export function typeOf(schema: unknown, depth = 0): string {
  const given = asObject(schema)
  if (given === undefined || depth > DEPTH_MAX) return "unknown"
  if ("const" in given) return literal(given.const)
  if (Array.isArray(given.enum)) return union(given.enum.slice(0, PROPERTIES_MAX).map(literal))
  const either = [...asList(given.anyOf), ...asList(given.oneOf)]
  if (either.length > 0) return union(either.map((one) => typeOf(one, depth + 1)))
  if (Array.isArray(given.type)) return union(given.type.map((type) => typeOf({ ...given, type }, depth + 1)))
  return plainType(given, depth)
}

function plainType(given: Json, depth: number): string {
  switch (given.type) {
    case "string":
    case "boolean":
    case "null":
      return given.type
    case "number":
    case "integer":
      return "number"
    case "array":
      return `Array<${typeOf(given.items, depth + 1)}>`
    case "object":
    case undefined:
      return given.type === undefined && given.properties === undefined ? "unknown" : objectType(given, depth)
    default:
      return "unknown"
  }
}

function objectType(given: Json, depth: number): string {
  const properties = Object.entries(asObject(given.properties) ?? {}).slice(0, PROPERTIES_MAX)
  if (properties.length === 0) return "Record<string, unknown>"
  const required = new Set(asTexts(given.required))
  const fields = properties.map(([name, value]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
    return `${key}${required.has(name) ? "" : "?"}: ${typeOf(value, depth + 1)}`
  })
  return `{ ${fields.join("; ")} }`
}

function literal(value: unknown): string {
  const isPlain = value === null || ["string", "number", "boolean"].includes(typeof value)
  return isPlain ? JSON.stringify(value) : "unknown"
}

function union(types: readonly string[]): string {
  const distinct = [...new Set(types)]
  if (distinct.length === 0 || distinct.includes("unknown")) return "unknown"
  return distinct.join(" | ")
}
