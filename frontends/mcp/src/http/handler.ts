import { createMcpHandler, isLegacyRequest } from "@modelcontextprotocol/server"
import { mcpServer, type OpenWork } from "../server.ts"
import type { McpSource } from "../source.ts"
import { BODY_BYTES_MAX, bodyOf } from "./body.ts"
import { Connections } from "./connections.ts"
import { type Guarded, refusal, refused } from "./guard.ts"

export interface HttpServing extends Guarded {
  /** A source for one client. */
  readonly source: () => McpSource
  /** Milliseconds since any moment, never falling. */
  readonly now: () => number
  /** How long a body may take to come; 15 seconds when left out. */
  readonly bodyMsMax?: number | undefined
  /** How long a client may take to come back with what its person said; 10 minutes when left out. */
  readonly answerMsMax?: number | undefined
  /** For stderr. */
  readonly warn: (text: string) => void
}

export interface McpHttp {
  handle(request: Request): Promise<Response>
  /** Stops what runs, and lets go of every session. */
  close(): Promise<void>
}

export const MCP_PATH = "/mcp"

/** Streamable HTTP in both eras, for whoever has the token. */
export function httpHandler(serving: HttpServing): McpHttp {
  const { source, warn } = serving
  const connections = new Connections(source, serving.now)
  const open: OpenWork = new Map()
  let shared: McpSource | undefined
  // The era without connections has one source for all, as nothing tells its clients apart but the token.
  const modern = createMcpHandler(
    () => {
      shared ??= source()
      return mcpServer(shared, open, serving.answerMsMax)
    },
    { legacy: "reject", onerror: (error) => warn(error.message), maxRequestBodySize: BODY_BYTES_MAX },
  )
  return {
    async handle(request) {
      const { pathname } = new URL(request.url)
      if (pathname === "/health" && request.method === "GET") return new Response("ok\n")
      const why = refusal(request, serving)
      if (why !== undefined) return why
      if (pathname !== MCP_PATH) return refused(404, `There is nothing here; the server is at ${MCP_PATH}.`)
      if (request.method !== "POST") return connections.handle(request, undefined)
      const body = await bodyOf(request, serving.bodyMsMax)
      if (body instanceof Response) return body
      const isLegacy = await isLegacyRequest(request, body.value)
      return isLegacy ? connections.handle(request, body.value) : modern.fetch(request, { parsedBody: body.value })
    },
    async close() {
      await modern.close()
      await connections.close()
      await shared?.close()
    },
  }
}
