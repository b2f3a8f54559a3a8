import { ALIASES, REMARKS } from "./aliases.ts"

/** The part of JSON Schema that tools' inputs use. */
export interface JsonSchema {
  readonly type?: string | undefined
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined
  readonly required?: readonly string[] | undefined
  readonly items?: JsonSchema | undefined
  readonly enum?: readonly unknown[] | undefined
  readonly [key: string]: unknown
}

/**
 * What a model plainly meant, where it errs without harm: another spelling of a key, null for something left out, a
 * number or a list written as text, one thing instead of a list of one, a remark beside the arguments. The values of
 * strings are never touched. What does not fit stays as it is, for the schema to refuse.
 */
export function lenient(input: unknown, schema: JsonSchema): unknown {
  switch (schema.type) {
    case "object":
      return object(parsed(input, "{"), schema)
    case "array":
      return array(parsed(input, "["), schema.items ?? {})
    case "integer":
    case "number":
      return typeof input === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(input) ? Number(input) : input
    case "boolean":
      return typeof input === "string" && /^(true|false)$/i.test(input) ? input.toLowerCase() === "true" : input
    default:
      return input
  }
}

function object(input: unknown, schema: JsonSchema): unknown {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input
  const properties = schema.properties ?? {}
  const required = new Set(schema.required)
  const given = renamed(input as Readonly<Record<string, unknown>>, properties)
  return Object.fromEntries(
    Object.entries(given)
      .filter(([key, value]) => !(value === null && !required.has(key)) && value !== undefined)
      .filter(([key]) => key in properties || !REMARKS.includes(key))
      .map(([key, value]) => [key, lenient(value, properties[key] ?? {})]),
  )
}

/** Each absent key takes the first of its other spellings that is there. */
function renamed(input: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, unknown>>) {
  const result: Record<string, unknown> = { ...input }
  for (const key of Object.keys(properties)) {
    if (key in result) continue
    const alias = ALIASES[key]?.find((other) => other in result && !(other in properties))
    if (alias === undefined) continue
    result[key] = result[alias]
    delete result[alias]
  }
  return result
}

function array(input: unknown, items: JsonSchema): unknown {
  const list = Array.isArray(input) || input === undefined || input === null ? input : [input]
  return Array.isArray(list) ? list.map((item) => lenient(item, items)) : list
}

/** JSON that was written as text once too often. */
function parsed(input: unknown, opening: "{" | "["): unknown {
  if (typeof input !== "string" || !input.trimStart().startsWith(opening)) return input
  try {
    return JSON.parse(input)
  } catch (error) {
    if (error instanceof SyntaxError) return input // the schema says what is wrong with it
    throw error
  }
}
