import type { ServerResponse } from "node:http"
import { SkeinError } from "@skein/protocol"
import { toRefusal } from "../words.ts"

/** What every answer carries: nothing here is to be run, guessed at, framed or kept by a browser. */
const SAFE_HEADERS = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const

export function head(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { ...SAFE_HEADERS, ...headers })
}

export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`)
  head(response, status, { "Content-Type": "application/json", "Content-Length": String(body.length), ...headers })
  response.end(body)
}

/** An error as this API has them: a code for programs, a sentence for people. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  // What was not read of the request stands between this answer and the next.
  const close = response.req.complete ? {} : { Connection: "close" }
  json(response, status, { error: { code: CODES[status] ?? "op.invalid", message } }, { ...close, ...headers })
}

/** What the engine threw, as an answer. */
export function failed(response: ServerResponse, error: unknown): void {
  json(response, error instanceof SkeinError ? statusOf(error) : 500, { error: toRefusal(error) })
}

function statusOf({ code }: SkeinError): number {
  if (code.endsWith(".not_found")) return 404
  if (code === "op.invalid") return 400
  if (code === "op.unsupported") return 501
  if (code === "session.closed") return 503
  return 409
}

const CODES: Readonly<Record<number, string>> = {
  401: "engine.refused",
  403: "engine.refused",
  429: "engine.busy",
  503: "engine.busy",
}
