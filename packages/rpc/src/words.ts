import { ERROR_CODES, type ErrorCode, SkeinError } from "@skein/protocol"
import { asNumber, asObject, asText, given, type Json, parseObject } from "@skein/protocol/json"
import { type Refusal, WIRE_ERRORS } from "@skein/protocol/wire"

/** JSON-RPC's own numbers, and two of ours. */
export const CODES = {
  notJson: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  defect: -32603,
  /** The engine refused: `data` has its code and its facts. */
  refused: WIRE_ERRORS.refused,
  /** Too much is asked at once: ask again when something was answered. */
  tooMuch: WIRE_ERRORS.busy,
} as const

/** Who is at one end: told in the greeting, for whoever reads a log. */
export interface Peer {
  readonly name: string
  readonly version: string
}

export interface WireError {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

/** One message, of which nothing but its shape is known. */
export type Message =
  | { readonly kind: "request"; readonly id: string | number; readonly method: string; readonly params: Json }
  | { readonly kind: "notification"; readonly method: string; readonly params: Json }
  | { readonly kind: "result"; readonly id: string | number; readonly result: Json }
  | { readonly kind: "error"; readonly id: string | number | undefined; readonly error: WireError }

/** Reads one message, or says what is wrong with it. */
export function readMessage(text: string): Message | { readonly kind: "wrong"; readonly code: number } {
  const message = parseObject(text)
  if (message === undefined)
    return { kind: "wrong", code: text.trimStart().startsWith("[") ? CODES.invalidRequest : CODES.notJson }
  const id = typeof message.id === "string" || typeof message.id === "number" ? message.id : undefined
  const method = asText(message.method)
  if (message.jsonrpc !== "2.0") return { kind: "wrong", code: CODES.invalidRequest }
  if (method !== undefined) {
    const params = asObject(message.params ?? {})
    if (params === undefined) return { kind: "wrong", code: CODES.invalidParams }
    if (id !== undefined) return { kind: "request", id, method, params }
    return "id" in message ? { kind: "wrong", code: CODES.invalidRequest } : { kind: "notification", method, params }
  }
  const error = asObject(message.error)
  if (error !== undefined) {
    const [code, said] = [asNumber(error.code) ?? CODES.defect, asText(error.message) ?? ""]
    return { kind: "error", id, error: { code, message: said, data: error.data } }
  }
  if (id === undefined || !("result" in message)) return { kind: "wrong", code: CODES.invalidRequest }
  return { kind: "result", id, result: asObject(message.result) ?? {} }
}

/** One message as text, on one line. */
export function written(message: object): string {
  return JSON.stringify({ jsonrpc: "2.0", ...message })
}

/** What was thrown, as the answer to a request. A defect keeps its sentence, as it would in one process. */
export function toWire(error: unknown): WireError {
  if (error instanceof SkeinError) return { code: CODES.refused, message: error.message, data: toRefusal(error) }
  return { code: CODES.defect, message: error instanceof Error ? error.message : String(error) }
}

/** What was thrown, where only the engine could have: as the end of events. */
export function toRefusal(error: unknown): Refusal {
  if (!(error instanceof SkeinError)) {
    return { code: "internal.defect", message: error instanceof Error ? error.message : String(error) }
  }
  const { code, message, retryAfterMs, httpStatus, requestId } = error
  return { code, message, retryAfterMs, httpStatus, requestId }
}

/** What the other side threw, as it would have been thrown here. */
export function fromWire({ code, message, data }: WireError): Error {
  if (code === CODES.refused) return fromRefusal({ message, ...asObject(data) })
  if (code === CODES.invalidParams) return new SkeinError("op.invalid", message)
  if (code === CODES.tooMuch) return new SkeinError("engine.busy", message)
  return new Error(message)
}

/** The same, of what the engine threw. A code that a newer server has and we do not know is a defect here. */
export function fromRefusal(refusal: Json): SkeinError {
  const code: ErrorCode = ERROR_CODES.find((known) => known === refusal.code) ?? "internal.defect"
  return new SkeinError(code, asText(refusal.message) ?? code, {
    ...given("retryAfterMs", asNumber(refusal.retryAfterMs)),
    ...given("httpStatus", asNumber(refusal.httpStatus)),
    ...given("requestId", asText(refusal.requestId)),
  })
}
