import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import { INVALID_PARAMS, RpcError } from "./peer.ts"

/** `deltaBase64` and `closeStdin` of a request. Throws RpcError when there is neither. */
export function readInput(what: string, params: Json): { readonly bytes?: Uint8Array; readonly isLast: boolean } {
  const text = asText(params.deltaBase64)
  const isLast = params.closeStdin === true
  if (text === undefined && !isLast) throw new RpcError(`${what} requires deltaBase64 or closeStdin`, INVALID_PARAMS)
  if (text === undefined) return { isLast }
  return { bytes: fromBase64(text, (why) => new RpcError(`invalid deltaBase64: ${why}`, INVALID_PARAMS)), isLast }
}

/** Strictly: with its padding, and nothing else in it. */
export function fromBase64(text: string, failed: (why: string) => RpcError): Uint8Array {
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" })
  } catch (error) {
    throw failed(error instanceof SyntaxError ? "it is not base64, with its padding" : String(error))
  }
}

/** `size` of a request, in character cells. */
export function readSize(what: string, params: Json): { readonly columns: number; readonly rows: number } {
  const size = asObject(params.size)
  const [rows, columns] = [asNumber(size?.rows), asNumber(size?.cols)]
  if (rows === undefined || columns === undefined) throw new RpcError("Invalid request: missing field `size`")
  if (!isCells(rows) || !isCells(columns)) {
    throw new RpcError(`${what} size rows and cols must be greater than 0`, INVALID_PARAMS)
  }
  return { columns, rows }
}

function isCells(count: number): boolean {
  return Number.isInteger(count) && count > 0 && count <= 65_535
}

/** `command` of a request: a program and its arguments. */
export function readCommand(params: Json): readonly string[] {
  const command = asList(params.command)
  if (!Array.isArray(params.command)) throw new RpcError("Invalid request: missing field `command`")
  const words = command.filter((word) => typeof word === "string")
  if (words.length !== command.length)
    throw new RpcError("Invalid request: invalid type in `command`, expected a string")
  if (words.length === 0) throw new RpcError("command must not be empty")
  return words
}

/** `env` of a request: null takes a name away. */
export function readEnv(params: Json): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(asObject(params.env) ?? {}).map(([name, value]) => {
      if (typeof value !== "string" && value !== null)
        throw new RpcError(`Invalid request: invalid type of env.${name}`)
      if (name === "" || /[=\0]/.test(name))
        throw new RpcError(`Invalid request: ${JSON.stringify(name)} is no name for env`)
      return [name, value]
    }),
  )
}

/** A count of a request, 0 or more. Undefined when it says none. */
export function readCount(what: string, params: Json, key: string): number | undefined {
  const value = params[key]
  if (value === undefined || value === null) return undefined
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new RpcError(`Invalid request: invalid type of \`${key}\`, expected an integer`)
  }
  if (value < 0) throw new RpcError(`${what} ${key} must be non-negative, got ${value}`, INVALID_PARAMS)
  return value
}
