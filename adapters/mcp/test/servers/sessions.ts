import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js"

export interface SessionsServer extends AsyncDisposable {
  readonly url: string
  /** `POST tools/call`, in order. */
  readonly requests: string[]
  readonly headers: Headers[]
  /** As if it had been begun anew: it knows none of its sessions any more. */
  forget(): void
  /** As if the machine had lost its power: connections break, and nothing listens. */
  die(): Promise<void>
}

/** A server as most are written: the older library, with sessions. `before` may answer in its place. */
export function sessionsServer(before: (request: Request) => Response | undefined = () => undefined): SessionsServer {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const requests: string[] = []
  const headers: Headers[] = []

  async function answer(request: Request): Promise<Response> {
    const body = request.method === "POST" ? ((await request.clone().json()) as { method?: string }) : {}
    requests.push(`${request.method} ${body.method ?? ""}`.trim())
    headers.push(request.headers)
    const instead = before(request)
    if (instead !== undefined) return instead
    const id = request.headers.get("mcp-session-id")
    const known = id === null ? undefined : sessions.get(id)
    if (known !== undefined) return known.handleRequest(request)
    if (id !== null)
      return Response.json(
        { jsonrpc: "2.0", id: null, error: { code: -32001, message: "No session" } },
        { status: 404 },
      )
    if (body.method !== "initialize") return new Response("Bad Request: no session", { status: 400 })
    return (await newSession(sessions)).handleRequest(request)
  }

  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 60, fetch: answer })
  return {
    ...{ url: `${server.url}mcp`, requests, headers },
    forget: () => sessions.clear(),
    die: () => server.stop(true),
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}

async function newSession(sessions: Map<string, WebStandardStreamableHTTPServerTransport>) {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (id) => void sessions.set(id, transport),
  })
  const server = new Server({ name: "sessions", version: "1.0.0" }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: ["echo", "hang"].map((name) => ({ name, inputSchema: { type: "object" as const } })),
  }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    if (params.name === "hang") return new Promise(() => undefined)
    return { content: [{ type: "text" as const, text: JSON.stringify(params.arguments) }] }
  })
  await server.connect(transport)
  return transport
}
