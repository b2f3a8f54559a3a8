import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server"
import { mcpServer } from "../server.ts"
import type { McpSource } from "../source.ts"
import { refused } from "./guard.ts"
import { keptEvents } from "./kept-events.ts"

/** So many clients at the same time. */
const CONNECTIONS_MAX = 32
/** One that was silent for so long makes room for another. */
const IDLE_MS = 5 * 60_000
const RETRY_MS = 1_000

interface Connection {
  readonly transport: WebStandardStreamableHTTPServerTransport
  readonly source: McpSource
  usedAt: number
}

/** The clients of the era of handshakes: each has an id, streams that it can come back to, and sessions of its own. */
export class Connections {
  readonly #all = new Map<string, Connection>()
  readonly #make: () => McpSource
  readonly #now: () => number
  /** Those that begin just now, and are not yet among them. */
  #beginning = 0

  constructor(make: () => McpSource, now: () => number) {
    this.#make = make
    this.#now = now
  }

  async handle(request: Request, body: unknown): Promise<Response> {
    const id = request.headers.get("mcp-session-id")
    if (id !== null) return this.#known(id, request, body)
    if (!isInitialize(body)) return refused(400, "Begin with initialize, then send the Mcp-Session-Id that it gave.")
    this.#beginning += 1
    try {
      if (await this.#hasRoom()) return await this.#begin(request, body)
    } finally {
      this.#beginning -= 1
    }
    return refused(503, `There are ${CONNECTIONS_MAX} clients already. End one (DELETE), or wait.`, {
      "Retry-After": "60",
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all.keys()].map((id) => this.#end(id)))
  }

  async #known(id: string, request: Request, body: unknown): Promise<Response> {
    const connection = this.#all.get(id)
    if (connection === undefined) return refused(404, "There is no such connection any more. Begin with initialize.")
    connection.usedAt = this.#now()
    return connection.transport.handleRequest(request, { parsedBody: body })
  }

  async #begin(request: Request, body: unknown): Promise<Response> {
    const source = this.#make()
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void this.#all.set(id, { transport, source, usedAt: this.#now() }),
      onsessionclosed: (id) => this.#end(id),
      ...{ eventStore: keptEvents(), retryInterval: RETRY_MS },
    })
    await mcpServer(source, new Map()).connect(transport)
    return transport.handleRequest(request, { parsedBody: body })
  }

  /** The longest silent makes room, where one was silent for long. */
  async #hasRoom(): Promise<boolean> {
    if (this.#all.size + this.#beginning <= CONNECTIONS_MAX) return true
    const [oldest] = [...this.#all].toSorted(([, a], [, b]) => a.usedAt - b.usedAt)
    if (oldest === undefined || this.#now() - oldest[1].usedAt < IDLE_MS) return false
    await this.#end(oldest[0])
    return true
  }

  async #end(id: string): Promise<void> {
    const connection = this.#all.get(id)
    this.#all.delete(id)
    await connection?.transport.close()
    await connection?.source.close()
  }
}

function isInitialize(body: unknown): boolean {
  return typeof body === "object" && body !== null && "method" in body && body.method === "initialize"
}
