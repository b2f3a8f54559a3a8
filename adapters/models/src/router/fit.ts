import type { ToolSpec } from "@skein/core/ports"
import { asArray, asObject, asText, type JsonObject } from "../wire/json.ts"
import type { WrittenCall } from "./forms.ts"
import { parsed } from "./json-text.ts"

/** A call of a tool that this request offers. */
export interface FoundCall {
  readonly name: string
  readonly input: JsonObject
  /** What the tool's schema says of the arguments. A call that does not fit is answered with why, and never run. */
  readonly isFitting: boolean
}

/** The call with its arguments as the tool's schema has them; undefined when the request has no such tool. */
export function fitted(call: WrittenCall, tools: readonly ToolSpec[]): FoundCall | undefined {
  const name = call.name.replace(/^(?:functions|tools)[.:]/, "")
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) return undefined
  const properties = asObject(tool.inputSchema.properties) ?? {}
  const input = Object.fromEntries(
    Object.entries(call.arguments).map(([key, value]) => [key, asMeant(value, asObject(properties[key]))]),
  )
  return { name, input, isFitting: fits(input, tool.inputSchema) }
}

/** A text where the schema wants anything else is read as JSON: tags hold nothing but text. */
function asMeant(value: unknown, schema: JsonObject | undefined): unknown {
  if (typeof value !== "string" || schema === undefined || fits(value, schema)) return value
  const read = parsed(value.trim())
  return read !== undefined && fits(read, schema) ? read : value
}

/**
 * Whether a value keeps to the keywords of a JSON Schema that say most: type, enum, const, properties, required,
 * additionalProperties, items, anyOf, oneOf. Others are left to the tool itself, which checks every call before it runs.
 */
export function fits(value: unknown, schema: unknown): boolean {
  const rules = asObject(schema)
  if (rules === undefined) return true
  const ways = asArray(rules.anyOf ?? rules.oneOf)
  return (
    isOfType(value, rules.type) &&
    (rules.const === undefined || rules.const === value) &&
    (rules.enum === undefined || asArray(rules.enum).includes(value)) &&
    (ways.length === 0 || ways.some((way) => fits(value, way))) &&
    (!Array.isArray(value) || value.every((one) => fits(one, rules.items))) &&
    hasProperties(value, rules)
  )
}

function hasProperties(value: unknown, rules: JsonObject): boolean {
  const object = asObject(value)
  if (object === undefined) return true
  const properties = asObject(rules.properties) ?? {}
  return (
    asArray(rules.required).every((name) => object[asText(name)] !== undefined) &&
    Object.entries(object).every(([name, one]) =>
      Object.hasOwn(properties, name) ? fits(one, properties[name]) : rules.additionalProperties !== false,
    )
  )
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === undefined) return true
  if (Array.isArray(type)) return type.some((one) => isOfType(value, one))
  if (type === "integer") return Number.isSafeInteger(value)
  if (type === "null") return value === null
  if (type === "array") return Array.isArray(value)
  if (type === "object") return asObject(value) !== undefined
  return typeof value === type
}
