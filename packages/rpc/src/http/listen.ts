import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { Duplex } from "node:stream"
import type { EngineServer } from "../serving/serve.ts"
import { acceptKey } from "../websocket/handshake.ts"
import { webSocketTransport } from "../websocket/transport.ts"
import { refusal } from "./guard.ts"
import { refuse } from "./reply.ts"
import { route } from "./routes.ts"

/** What is taken of whoever connects. Times in milliseconds, sizes in bytes. */
export interface HttpLimits {
  readonly headerBytesMax: number
  /** A body, and a message of a WebSocket. */
  readonly bodyBytesMax: number
  readonly headerMs: number
  readonly requestMs: number
  /** Open at once; a further one is closed unheard. */
  readonly connectionsMax: number
  /** Requests that are answered at once, streams of events and WebSockets not counted. */
  readonly requestsMax: number
  /** How long a client may take nothing of what it was sent. */
  readonly stallMs: number
}

export const HTTP_LIMITS: HttpLimits = {
  headerBytesMax: 16 * 1024,
  bodyBytesMax: 32 * 1024 * 1024,
  headerMs: 10_000,
  requestMs: 60_000,
  connectionsMax: 512,
  requestsMax: 128,
  stallMs: 60_000,
}

export interface HttpListening {
  /** An address of this machine, or another where the caller knows what that means: nothing is encrypted. */
  readonly hostname: string
  /** 0: any that is free. */
  readonly port: number
  /** At least 16 characters; every request but /health has to bring it. */
  readonly token: string
  /** Further names that clients may call this server by, without the port. */
  readonly names?: readonly string[] | undefined
  readonly limits?: Partial<HttpLimits> | undefined
  /** Descriptions of this API, by their paths: `/v1/openapi.json`. */
  readonly documents?: Readonly<Record<string, () => unknown>> | undefined
  readonly onDefect: (error: unknown) => void
}

export interface Listener {
  /** As a client dials it. */
  readonly address: string
  close(): Promise<void>
}

/** Serves over HTTP: single requests, streams of events, and WebSocket, for whoever has the token. */
export async function listenHttp(engines: EngineServer, listening: HttpListening): Promise<Listener> {
  if (listening.token.length < TOKEN_MIN) throw new Error(`A token has at least ${TOKEN_MIN} characters.`)
  const limits = { ...HTTP_LIMITS, ...listening.limits }
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headerMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headerMs),
  })
  server.maxConnections = limits.connectionsMax
  const port = await bound(server, listening)
  const hosts = namesOf(listening).map((name) => `${name}:${port}`)
  const guarded = { token: listening.token, hosts: port === 80 ? [...hosts, ...namesOf(listening)] : hosts }
  const { bodyBytesMax, stallMs } = limits
  const routed = {
    engine: engines.engine,
    requests: engines.requests,
    documents: new Map(Object.entries(listening.documents ?? {})),
    bodyBytesMax,
    stallMs,
  }
  let open = 0
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // Whoever is gone is told of by `close`; unheard, it would end the process.
    for (const stream of [request, response]) stream.on("error", () => undefined)
    const why = refusal(request, guarded)
    if (why !== undefined) {
      const challenge = why.status === 401 ? { "WWW-Authenticate": "Bearer" } : undefined
      return refuse(response, why.status, why.message, challenge)
    }
    const isStream = request.url?.startsWith("/v1/sessions/") === true
    if (!isStream && open >= limits.requestsMax)
      return refuse(response, 429, "Too much is asked at once.", { "Retry-After": "1" })
    if (!isStream) {
      open += 1
      response.once("close", () => {
        open -= 1
      })
    }
    route(request, response, routed).catch(listening.onDefect)
  })
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => undefined)
    const why = refusal(request, guarded) ?? (request.url === "/v1/socket" ? undefined : NOTHING_HERE)
    const accept = acceptKey(request)
    if (why !== undefined || accept === undefined) return turnAway(socket, why?.status ?? 400)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    const transport = webSocketTransport(socket, { side: "server", head, messageBytesMax: bodyBytesMax, stallMs })
    engines.accept(transport).catch(listening.onDefect)
  })
  server.on("clientError", (error: Error & { code?: string }, socket: Duplex) => {
    turnAway(socket, error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400)
  })
  const shown = listening.hostname.includes(":") ? `[${listening.hostname}]` : listening.hostname
  return {
    address: `http://${shown}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const TOKEN_MIN = 16
const NOTHING_HERE = { status: 404, message: "" }
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

function namesOf({ hostname, names = [] }: HttpListening): readonly string[] {
  const own = hostname.includes(":") ? `[${hostname}]` : hostname
  return [...new Set([...LOOPBACK, own, ...names].map((name) => name.toLowerCase()))]
}

function bound(server: Server, { hostname, port }: HttpListening): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, hostname, () => {
      server.off("error", reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** In the words of HTTP, before there is a response to say it with. */
function turnAway(socket: Duplex, status: number): void {
  const headers = "Connection: close\r\nContent-Length: 0\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store"
  socket.end(`HTTP/1.1 ${status} ${REASONS[status] ?? "Refused"}\r\n${headers}\r\n\r\n`, () => socket.destroy())
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
}
