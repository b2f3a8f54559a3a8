import { SkeinError } from "@skein/protocol"
import type { Target } from "./wire.ts"
import { shown, withoutKey } from "./wording.ts"

/** Any JSON object of another's making: every field is looked at before it is believed. */
export type JsonObject = { readonly [key: string]: unknown }

/** The object of one event. Throws SkeinError `provider.protocol` when it is none. */
export function parseEvent(data: string, target: Target): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch (cause) {
    throw notJson(data, target, cause)
  }
  const object = asObject(value)
  if (object === undefined) throw notJson(data, target, undefined)
  return object
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** One or none, for `flatMap`. */
export function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value]
}

/** The text, or empty for anything else. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : ""
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined
}

/** Arguments as the wires want them: an object. What a model wrote instead is kept under `value`. */
export function argumentsObject(input: unknown): JsonObject {
  return asObject(input) ?? (input === undefined || input === null ? {} : { value: input })
}

/** Whether arguments are whole. A JSON object that was cut off never parses, as its last brace is missing. */
export function isWholeObject(text: string): boolean {
  try {
    return asObject(JSON.parse(text)) !== undefined
  } catch {
    return false
  }
}

function notJson(data: string, target: Target, cause: unknown): SkeinError {
  const start = shown(data.slice(0, 2000), target).slice(0, 80)
  return new SkeinError(
    "provider.protocol",
    `${target.provider.name} sent an event that is no JSON object, starting with: ${start}`,
    { cause: withoutKey(cause, target) },
  )
}
