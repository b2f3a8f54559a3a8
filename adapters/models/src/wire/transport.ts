import type { ClockPort, ModelChunk, ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type Connection, connect } from "./connection.ts"
import { endpoint, requestHeaders } from "./endpoint.ts"
import { collectAfterReceived, collectAfterSent } from "./garbage.ts"
import { httpError, requestIdOf } from "./http-errors.ts"
import { readReply } from "./reply.ts"
import { limitsOf } from "./watchdog.ts"
import type { Target, Wire } from "./wire.ts"

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>
export interface FetchInit {
  readonly method: "POST"
  readonly headers: Record<string, string>
  readonly body: string
  readonly signal: AbortSignal
  /** A redirect could carry the key to another host. */
  readonly redirect: "manual"
  /** Bun's own limit of five minutes is off: ours are finer. */
  readonly timeout: false
}

export interface SendOptions {
  readonly fetch: Fetch
  readonly clock: ClockPort
  /** Connecting and the answer's headers together. Default 60,000, or what the provider's dialect says. */
  readonly headersTimeoutMs?: number | undefined
  /** Silence in the stream. Default 90,000, or what the provider's dialect says. */
  readonly idleTimeoutMs?: number | undefined
}

/**
 * Asks once and streams the reply: one array per read of the network, the last ends with `stop`.
 * Throws SkeinError `provider.*`, or the signal's reason when it aborts; then the connection is given up within 100 ms.
 * Never retries; a retry is for the caller, who knows what it has already shown.
 */
export async function* send(
  wire: Wire,
  request: ModelRequest,
  target: Target,
  options: SendOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly ModelChunk[], void, undefined> {
  signal.throwIfAborted()
  const { path, headers: common, body } = wire.request(request, target)
  const headers = { ...common, ...requestHeaders(request, target) }
  checkHeaders(headers, target)
  const sent = jsonOf(body)
  const connection = await connect(
    (abort) =>
      options.fetch(endpoint(target.baseUrl, path), {
        method: "POST",
        headers,
        body: sent,
        signal: abort,
        redirect: "manual",
        timeout: false,
      }),
    { target, signal, ...limitsOf(options, target.provider.dialect), clock: options.clock },
  )
  collectAfterSent(sent.length)
  try {
    yield* replyOf(connection, wire, target, options.clock)
  } finally {
    connection.close()
  }
}

async function* replyOf(
  connection: Connection,
  wire: Wire,
  target: Target,
  clock: ClockPort,
): AsyncGenerator<readonly ModelChunk[], void, undefined> {
  const { response } = connection
  if (!isStream(response)) throw await refusal(connection, target, clock.now())
  const decoder = wire.decoder(target)
  const reply = readReply(decoder, target)
  const requestId = requestIdOf(response.headers)
  const opening: Uint8Array[] = []
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    if (!reply.hasEvents && opening.length < 16) opening.push(bytes)
    const chunks = reply.feed(bytes)
    collectAfterReceived(bytes.length)
    if (reply.isOver) connection.finish()
    if (chunks.length > 0) yield withRequestId(chunks, requestId)
    if (reply.isOver) return
  }
  const body = reply.hasEvents ? "" : textOf(opening)
  // A stream in name only: a page, or a JSON error under another type.
  if (NO_STREAM[decoder.framing ?? "events"].test(body))
    throw httpError({ ...answerOf(response), body, now: clock.now() }, target)
  const rest = reply.end()
  if (rest.length > 0) yield withRequestId(rest, requestId)
}

/** How a body begins that is no stream. Lines of JSON begin as an error does: without a whole one they were cut. */
const NO_STREAM = { events: /^\s*[<{[]/, lines: /^\s*[<[]/ } as const

/** Servers name an event stream in many ways or not at all, but never as a page or as one JSON document. */
function isStream(response: Response): boolean {
  if (response.status < 200 || response.status >= 300) return false
  const type = (response.headers.get("content-type") ?? "").toLowerCase()
  return !type.includes("html") && !/(?<!nd)json(?:;|$)/.test(type.trim())
}

/** An error's body is short; what is longer is a page, of which the beginning will do. */
const BODY_BYTES_MAX = 64 * 1024

async function refusal(connection: Connection, target: Target, now: number): Promise<SkeinError> {
  const parts: Uint8Array[] = []
  let size = 0
  for (
    let bytes = await connection.read();
    bytes !== undefined && size < BODY_BYTES_MAX;
    bytes = await connection.read()
  ) {
    parts.push(bytes)
    size += bytes.length
  }
  return httpError({ ...answerOf(connection.response), body: textOf(parts), now }, target)
}

function answerOf({ status, headers }: Response): { readonly status: number; readonly headers: Headers } {
  return { status, headers }
}

function textOf(parts: readonly Uint8Array[]): string {
  return new TextDecoder().decode(Buffer.concat(parts))
}

/** The id in the headers is the one that a provider's support asks for. */
function withRequestId(chunks: readonly ModelChunk[], requestId: string | undefined): readonly ModelChunk[] {
  const last = chunks.at(-1)
  if (requestId === undefined || last?.type !== "stop") return chunks
  return [...chunks.slice(0, -1), { ...last, requestId }]
}

/** Half of a character cannot be said in JSON's UTF-8, and providers refuse the whole request for it. */
function jsonOf(body: unknown): string {
  const text = JSON.stringify(body)
  if (!/\\ud[89a-f]/i.test(text)) return text
  return JSON.stringify(body, (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value))
}

/** Checked here, as `fetch` would name the value, which may be the key, in its error. */
function checkHeaders(headers: Readonly<Record<string, string>>, target: Target): void {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue
    const key = target.provider.keyEnv[0] ?? "the key"
    const text = `The header ${name} for ${target.provider.name} holds a character that no header may hold, as a line break. Check ${key}.`
    throw new SkeinError("provider.auth", text)
  }
}
