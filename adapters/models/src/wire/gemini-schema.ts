import { asArray, asObject, type JsonObject, present } from "./json.ts"

/** What `parameters` knows of JSON Schema; it refuses a request that holds any other keyword. */
const KNOWN = new Set([
  "type",
  "format",
  "title",
  "description",
  "nullable",
  "enum",
  "maxItems",
  "minItems",
  "properties",
  "required",
  "minProperties",
  "maxProperties",
  "minLength",
  "maxLength",
  "pattern",
  "anyOf",
  "items",
  "minimum",
  "maximum",
])
const FORMATS = new Set(["enum", "date-time", "float", "double", "int32", "int64"])
/** Deeper schemas refer to themselves; below this any object will do. */
const DEPTH_MAX = 32

/** A JSON Schema in Gemini's older, narrower form: references resolved, unknown keywords left out. */
export function geminiSchema(schema: JsonObject): JsonObject {
  return narrowed(schema, asObject(schema.$defs) ?? asObject(schema.definitions) ?? {}, 0)
}

function narrowed(schema: JsonObject, definitions: JsonObject, depth: number): JsonObject {
  if (depth > DEPTH_MAX) return { type: "object" }
  const referred =
    typeof schema.$ref === "string" ? asObject(definitions[schema.$ref.split("/").at(-1) ?? ""]) : undefined
  if (referred !== undefined) return narrowed({ ...referred, ...without(schema, "$ref") }, definitions, depth + 1)
  const one = merged(schema)
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(one)) {
    if (!KNOWN.has(key)) continue
    const kept = keyword(key, value, (inner) => narrowed(inner, definitions, depth + 1))
    if (kept !== undefined) result[key] = kept
  }
  return withType(result, one)
}

function keyword(key: string, value: unknown, narrow: (schema: JsonObject) => JsonObject): unknown {
  switch (key) {
    case "properties":
      return Object.fromEntries(
        Object.entries(asObject(value) ?? {}).map(([name, inner]) => [name, narrow(asObject(inner) ?? {})]),
      )
    case "items":
      return narrow(asObject(value) ?? {})
    case "anyOf":
      return asArray(value).map((inner) => narrow(asObject(inner) ?? {}))
    case "format":
      return typeof value === "string" && FORMATS.has(value) ? value : undefined
    case "enum":
      // Only texts may be listed.
      return asArray(value).every((item) => typeof item === "string") ? value : undefined
    case "type":
      return typeof value === "string" ? value : undefined
    default:
      return value
  }
}

/** Keywords that have an equal among the known ones. */
function merged(schema: JsonObject): JsonObject {
  const parts = asArray(schema.allOf).flatMap((part) => present(asObject(part)))
  const both: JsonObject = Object.assign({}, ...parts, schema)
  const anyOf = both.anyOf ?? both.oneOf
  const constant = typeof both.const === "string" ? { enum: [both.const], type: "string" } : {}
  return { ...both, ...constant, ...(anyOf === undefined ? {} : { anyOf }) }
}

/** `["string", "null"]` is a nullable string; two real types are alternatives. */
function withType(result: Record<string, unknown>, schema: JsonObject): JsonObject {
  if (!Array.isArray(schema.type)) return result
  const types = schema.type.filter((type) => type !== "null")
  const nullable = types.length < schema.type.length ? { nullable: true } : {}
  if (types.length === 1) return { ...result, type: types[0], ...nullable }
  return { ...result, anyOf: types.map((type) => ({ type })), ...nullable }
}

function without(schema: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key))
}
