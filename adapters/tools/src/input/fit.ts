import type { JsonSchema } from "./lenient.ts"

/** What a value becomes under a schema: the value with defaults filled in; or nothing, when it does not fit. */
export type Fit = { readonly value: unknown } | undefined

/**
 * Checks a value against the part of JSON Schema that tools' inputs use. Nearly every call fits, and for those this is
 * all that is done: the schema library is loaded only to say what is wrong. A keyword that is not known here fits
 * nothing, so that the library decides.
 */
export function fit(value: unknown, schema: JsonSchema): Fit {
  if (Object.keys(schema).some((key) => !KNOWN.has(key))) return undefined
  if (schema.enum !== undefined && !schema.enum.includes(value)) return undefined
  switch (schema.type) {
    case "object":
      return object(value, schema)
    case "array":
      return list(value, schema)
    case "string":
      return typeof value === "string" && isText(value, schema) ? { value } : undefined
    case "integer":
      return Number.isSafeInteger(value) && isBetween(Number(value), schema.minimum, schema.maximum)
        ? { value }
        : undefined
    case "boolean":
      return typeof value === "boolean" ? { value } : undefined
    default:
      return undefined
  }
}

function isText(value: string, { minLength, maxLength, pattern }: JsonSchema): boolean {
  if (!isBetween(value.length, minLength, maxLength)) return false
  return typeof pattern !== "string" || new RegExp(pattern).test(value)
}

const KNOWN: ReadonlySet<string> = new Set([
  "additionalProperties",
  "default",
  "description",
  "enum",
  "items",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "pattern",
  "properties",
  "required",
  "type",
])

function object(value: unknown, schema: JsonSchema): Fit {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  const given = value as Readonly<Record<string, unknown>>
  const properties = schema.properties ?? {}
  if (schema.additionalProperties !== false || Object.keys(given).some((key) => !Object.hasOwn(properties, key))) {
    return undefined
  }
  if (schema.required?.some((key) => given[key] === undefined)) return undefined
  const result: Record<string, unknown> = {}
  for (const [key, property] of Object.entries(properties)) {
    if (given[key] === undefined) {
      if ("default" in property) result[key] = property.default
      continue
    }
    const fitting = fit(given[key], property)
    if (fitting === undefined) return undefined
    result[key] = fitting.value
  }
  return { value: result }
}

function list(value: unknown, schema: JsonSchema): Fit {
  if (!Array.isArray(value) || schema.items === undefined) return undefined
  if (!isBetween(value.length, schema.minItems, schema.maxItems)) return undefined
  const result: unknown[] = []
  for (const item of value) {
    const fitting = fit(item, schema.items)
    if (fitting === undefined) return undefined
    result.push(fitting.value)
  }
  return { value: result }
}

function isBetween(size: number, least: unknown, most: unknown): boolean {
  return !(typeof least === "number" && size < least) && !(typeof most === "number" && size > most)
}
