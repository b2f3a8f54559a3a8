import type { AppConnection, ExecConnection } from "@skein/codex"
import { loadFlock } from "@skein/host"
import { socketPlace } from "@skein/rpc"
import { UsageError } from "../usage.ts"
import { type Address, isAddress } from "./address.ts"
import type { SocketAuth } from "./socket-auth.ts"

export interface Listening {
  readonly address: Extract<Address, { readonly kind: "unix" | "ws" }>
  readonly auth: SocketAuth | undefined
  /** Serves one client; `write` takes one message. */
  readonly open: (write: (message: string) => void) => AppConnection | ExecConnection
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** For stderr. */
  readonly warn: (text: string) => void
}

export interface Listener {
  /** `ws://127.0.0.1:4500`, `unix:///path`. */
  readonly url: string
  /** Lets go of every client and what it ran, and of the socket's file. */
  close(): Promise<void>
}

/** At once; the next one is asked to come again. */
const CLIENTS_MAX = 128
/** Of one message, in either direction. */
const MESSAGE_BYTES_MAX = 32 * 1024 * 1024
/** What a client may leave unread before it is let go, so that it holds up nobody. */
const UNREAD_BYTES_MAX = 32 * 1024 * 1024
/** Without a sign of life, which is asked for before. */
const SILENCE_SECONDS = 120
/** For saying `initialize`, so that no place is held by whoever says nothing. */
const GREETING_MS = 30_000

interface Client {
  connection: AppConnection | ExecConnection | undefined
  late?: ReturnType<typeof setTimeout>
}

/**
 * Serves each client that comes, in a WebSocket, one message a frame; over a Unix socket too. What a browser's page asks is
 * refused whatever it is, and so is who has no token where one is asked for. Throws UsageError when the place is taken.
 */
export async function listen(listening: Listening): Promise<Listener> {
  const { address, warn } = listening
  const clients = new Set<Client>()
  const ending = new Set<Promise<void>>()
  const handlers = {
    fetch: (request: Request, server: Bun.Server<Client>) => answer(request, server, listening, clients.size),
    websocket: {
      ...{
        maxPayloadLength: MESSAGE_BYTES_MAX,
        backpressureLimit: 2 * UNREAD_BYTES_MAX,
        closeOnBackpressureLimit: true,
      },
      ...{ idleTimeout: SILENCE_SECONDS, perMessageDeflate: false },
      open(ws: Bun.ServerWebSocket<Client>) {
        clients.add(ws.data)
        ws.data.connection = listening.open((message) => say(ws, message, warn))
        ws.data.late = setTimeout(() => {
          if (ws.data.connection?.isInitialized === false) ws.close(1008, "A client says initialize within 30 seconds.")
        }, GREETING_MS)
      },
      message({ data }: Bun.ServerWebSocket<Client>, message: string | Buffer) {
        if (typeof message === "string") data.connection?.receive(message)
        else warn("A binary message of a client was left out.")
      },
      close({ data }: Bun.ServerWebSocket<Client>) {
        clients.delete(data)
        clearTimeout(data.late)
        const ended = data.connection
          ?.end()
          .catch((error: unknown) => warn(`A client was not let go: ${String(error)}`))
        if (ended === undefined) return
        ending.add(ended)
        void ended.then(() => ending.delete(ended))
      },
    },
  }
  if (address.kind === "ws") {
    const server = bound(address, () => Bun.serve({ hostname: address.host, port: address.port, ...handlers }))
    const host = address.host.includes(":") ? `[${address.host}]` : address.host
    return { url: `ws://${host}:${server.port}`, close: () => closed(server, ending) }
  }
  const place = await socketPlace({ path: address.path, lock: await loadFlock() })
  const server = await place.bind((unix) => Bun.serve({ unix, ...handlers }))
  return {
    url: `unix://${address.path}`,
    close: () => place.release(() => closed(server, ending)),
  }
}

/** What is said to a client that is gone is said to nobody. */
function say(ws: Bun.ServerWebSocket<Client>, message: string, warn: (text: string) => void): void {
  if (ws.readyState !== WebSocket.OPEN) return
  ws.send(message)
  if (ws.getBufferedAmount() <= UNREAD_BYTES_MAX) return
  warn("A client that does not read what it is told was let go.")
  ws.terminate()
}

/** For what runs to come to its end. What the system waits for may never end, and whoever ends the server does not wait for it. */
const ENDING_MS = 10_000

async function closed(server: Bun.Server<Client>, ending: ReadonlySet<Promise<void>>): Promise<void> {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), ENDING_MS).unref()
  await server.stop(true)
  await Promise.all(ending)
}

function bound<T>({ host, port }: { readonly host: string; readonly port: number }, bind: () => T): T {
  try {
    return bind()
  } catch (error) {
    throw new UsageError(
      `Cannot listen on ws://${host}:${port}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function answer(
  request: Request,
  server: Bun.Server<Client>,
  { address, auth, now }: Listening,
  clients: number,
): Response | undefined {
  if (address.kind === "ws" && !isCalledByAddress(request.headers.get("host"))) {
    return told(403, "Call this server by its address, or as localhost.")
  }
  if (request.headers.has("origin")) return told(403, "No page of a browser comes in here.")
  const { pathname } = new URL(request.url)
  if (pathname === "/readyz" || pathname === "/healthz") return new Response("")
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return told(400, "Open a WebSocket here.")
  if (auth !== undefined && !auth(request.headers.get("authorization"), now())) {
    return new Response("Unauthorized\n", { status: 401, headers: { "WWW-Authenticate": "Bearer" } })
  }
  if (clients >= CLIENTS_MAX) return told(503, "Too many clients; come again later.")
  return server.upgrade(request, { data: { connection: undefined } }) ? undefined : told(400, "That is no WebSocket.")
}

/**
 * A page can give its own name this address, and then asks us as if we were its own server; an address it cannot give. The port is
 * another where it is forwarded. Told twice, it is no address.
 */
function isCalledByAddress(host: string | null): boolean {
  const [, name = ""] = /^(\[[^\]]+\]|[^:]+)(?::\d{1,5})?$/.exec(host ?? "") ?? []
  return name.toLowerCase() === "localhost" || isAddress(name)
}

function told(status: number, text: string): Response {
  return new Response(`${text}\n`, { status })
}
