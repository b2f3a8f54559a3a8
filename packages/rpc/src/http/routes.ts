import type { IncomingMessage, ServerResponse } from "node:http"
import { SkeinError } from "@skein/protocol"
import { CONNECTION_HEADER } from "@skein/protocol/wire"
import type { CheckedEngine } from "../serving/checked.ts"
import type { Requests } from "../serving/requests.ts"
import { bodyOf } from "./body.ts"
import { cursorOf, streamEvents } from "./events.ts"
import { failed, head, json, refuse } from "./reply.ts"

export interface Routed {
  readonly engine: CheckedEngine
  readonly requests: Requests
  readonly bodyBytesMax: number
  readonly stallMs: number
  /** Descriptions of this API, by their paths: `/v1/openapi.json`. */
  readonly documents: ReadonlyMap<string, () => unknown>
}

/** Answers one request that was let in. */
export async function route(request: IncomingMessage, response: ServerResponse, routed: Routed): Promise<void> {
  try {
    await answer(request, response, routed)
  } catch (error) {
    // Whoever left while their request was read or answered is told nothing.
    if (response.destroyed || response.headersSent) return
    failed(response, error)
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, routed: Routed): Promise<void> {
  const { pathname, searchParams } = placeOf(request)
  const [, sessionId] = EVENTS.exec(pathname) ?? []
  const document = routed.documents.get(pathname)
  const allow = METHODS.get(pathname) ?? (sessionId !== undefined || document !== undefined ? "GET" : undefined)
  if (allow === undefined)
    return refuse(response, 404, `There is nothing at ${JSON.stringify(pathname.slice(0, 200))}.`)
  // The head alone of what has no end would never be over.
  const isHead = request.method === "HEAD" && allow === "GET" && sessionId === undefined
  if (request.method !== allow && !isHead) return refuse(response, 405, `It takes ${allow}.`, { Allow: allow })
  if (pathname === "/health") return health(response)
  if (pathname === "/v1/socket") return refuse(response, 426, "This is for WebSocket.", { Upgrade: "websocket" })
  if (document !== undefined) return json(response, 200, await document())
  if (sessionId !== undefined) return sendEvents(sessionId, { request, response, routed, searchParams })
  const body = await bodyOf(request, routed.bodyBytesMax)
  if ("status" in body) return refuse(response, body.status, body.message)
  if (pathname === "/v1/ops") {
    return json(response, 200, await routed.requests.submit(body.value, connectionOf(request)))
  }
  const said = await routed.engine.ask(body.value)
  json(response, 200, said === undefined ? {} : { answer: said })
}

/** What is asked for, as it is written: an address that begins with two slashes is a path like any other. */
function placeOf({ url = "/" }: IncomingMessage): {
  readonly pathname: string
  readonly searchParams: URLSearchParams
} {
  const [pathname = "/", ...query] = url.split("?")
  return { pathname, searchParams: new URLSearchParams(query.join("?")) }
}

const METHODS: ReadonlyMap<string, string> = new Map([
  ["/health", "GET"],
  ["/v1/ops", "POST"],
  ["/v1/queries", "POST"],
  ["/v1/socket", "GET"],
])
const EVENTS = /^\/v1\/sessions\/([^/]+)\/events$/

interface Streaming {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly routed: Routed
  readonly searchParams: URLSearchParams
}

async function sendEvents(sessionId: string, { request, response, routed, searchParams }: Streaming): Promise<void> {
  const connection = connectionOf(request)
  const isReadOnly = searchParams.get("isReadOnly")
  const events = routed.engine.events({
    sessionId,
    from: cursorOf(request, searchParams),
    ...(isReadOnly === null ? {} : { isReadOnly: isReadOnly === "true" || isReadOnly }),
  })
  if (connection !== undefined && !response.destroyed) response.once("close", routed.requests.opened(connection))
  await streamEvents(response, events, { stallMs: routed.stallMs, isSilent: isReadOnly !== null })
}

/** What the client calls the connection that this request is part of. Throws SkeinError `op.invalid`. */
function connectionOf({ headers }: IncomingMessage): string | undefined {
  const name = headers[CONNECTION_HEADER]
  if (name === undefined) return undefined
  if (typeof name === "string" && /^[\x21-\x7e]{1,100}$/.test(name)) return name
  throw new SkeinError("op.invalid", "The header Skein-Connection is a name of 1 to 100 characters that can be seen.")
}

function health(response: ServerResponse): void {
  head(response, 200, { "Content-Type": "text/plain; charset=utf-8" })
  response.end("ok\n")
}
