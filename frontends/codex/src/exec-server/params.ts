import { fileURLToPath, pathToFileURL } from "node:url"
import { asNumber, asText, type Json } from "@skein/protocol/json"

/** What is said to a client that asked for what cannot be. */
export class Refused extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const INVALID_REQUEST = -32600
export const UNKNOWN_METHOD = -32601
export const INVALID_PARAMS = -32602
export const FAILED = -32603
export const NOT_FOUND = -32004

/** A text that must be there. */
export function text(params: Json, key: string): string {
  const value = params[key]
  if (value === undefined) throw new Refused(INVALID_PARAMS, `missing field \`${key}\``)
  return asText(value) ?? wrong(key, "a string")
}

export function texts(params: Json, key: string): readonly string[] {
  const value = params[key]
  if (value === undefined) throw new Refused(INVALID_PARAMS, `missing field \`${key}\``)
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value
  return wrong(key, "a sequence of strings")
}

/** A number that may be left out. */
export function number(params: Json, key: string): number | undefined {
  const value = params[key]
  return value === undefined || value === null ? undefined : (asNumber(value) ?? wrong(key, "a number"))
}

/** A switch; false where it is left out. */
export function truth(params: Json, key: string): boolean {
  const value = params[key] ?? false
  return typeof value === "boolean" ? value : wrong(key, "a boolean")
}

/** A path, which stands in a `file:` URI. */
export function path(params: Json, key = "path"): string {
  const uri = text(params, key)
  try {
    return fileURLToPath(uri)
  } catch (cause) {
    throw new Refused(INVALID_PARAMS, `invalid URI: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

export function uriOf(absolute: string): string {
  return pathToFileURL(absolute).href
}

function wrong(key: string, expected: string): never {
  throw new Refused(INVALID_PARAMS, `invalid type in \`${key}\`, expected ${expected}`)
}
