import { accepted, type McpServerInfo, type SessionId, SkeinError, type ToolInfo } from "@skein/protocol"
import { asText, asTexts, type Json } from "@skein/protocol/json"
import { mcpContent } from "../words.ts"
import { page } from "./list.ts"
import { type Context, needed, personalOf, type Reply } from "./method.ts"
import { RpcError } from "./peer.ts"

/** `mcpServerStatus/list`: the servers of a folder. Each is started, unless only their states are asked for. */
export async function listServers(params: Json, context: Context): Promise<Reply> {
  const { engine, threads } = context
  const threadId = asText(params.threadId)
  const view = threadId === undefined ? undefined : await threads.read(threadId)
  const cwd = view?.cwd ?? context.cwd
  const found =
    view === undefined
      ? await personalOf("mcpServerStatus/list", context).servers.list(cwd)
      : await engine.ask({ type: "mcp.servers", sessionId: view.sessionId })
  const name = asText(params.serverName)
  const { data, nextCursor } = page(
    found.filter((server) => name === undefined || server.name === name),
    params,
  )
  // Starting them takes a while, and keeps no other request waiting.
  const shown = async () => {
    const servers = await Promise.all(data.map((server) => started(server, cwd, context)))
    const tools = await engine.ask({ type: "tools.list", cwd })
    return { data: await Promise.all(servers.map((server) => statusOf(server, tools, cwd, context))), nextCursor }
  }
  return { result: shown() }
}

async function started(server: McpServerInfo, cwd: string, { personal }: Context): Promise<McpServerInfo> {
  const isStarted = server.state === "connected" || server.state === "disabled" || server.transport === "client"
  return isStarted || personal === undefined ? server : await personal.servers.connected(cwd, server.name)
}

async function statusOf(
  server: McpServerInfo,
  tools: readonly ToolInfo[],
  cwd: string,
  { personal }: Context,
): Promise<Json> {
  const shown = server.tools.map((tool) => {
    const schema = tools.find(({ name }) => name === `mcp__${server.name}__${tool.name}`)?.inputSchema
    const { name, title, description } = tool
    return [name, { name, ...(title === undefined ? {} : { title }), description, inputSchema: schema ?? ANY }] as const
  })
  const isRemote = server.transport === "http" || server.transport === "sse"
  const login = isRemote && personal !== undefined ? await personal.servers.login(cwd, server.name) : undefined
  return {
    name: server.name,
    runtimeStatus: STATES[server.state],
    ...{ pluginId: null, httpOrigin: isRemote ? originOf(server.target) : null },
    serverInfo: infoOf(server),
    ...{ serverCapabilities: null, tools: Object.fromEntries(shown), resources: [], resourceTemplates: [] },
    toolsError: server.state === "failed" ? (server.message ?? "It did not start.") : null,
    authStatus: !isRemote ? "unsupported" : server.state === "login" ? "notLoggedIn" : LOGINS[login ?? "none"],
  }
}

const ANY = { type: "object" }
const LOGINS = { login: "oAuth", token: "bearerToken", ended: "notLoggedIn", none: "unknown" } as const
const STATES = {
  idle: "notStarted",
  connecting: "starting",
  connected: "connected",
  reconnecting: "starting",
  login: "authenticationRequired",
  untrusted: "notStarted",
  disabled: "disabled",
  failed: "failed",
} as const

function infoOf({ name, title, version }: McpServerInfo): Json | null {
  if (version === undefined) return null
  return { name: title ?? name, version, title: null, description: null, icons: null, websiteUrl: null }
}

function originOf(target: string): string | null {
  return URL.canParse(target) ? new URL(target).origin : null
}

/** `mcpServer/tool/call`: judged, asked about and recorded as a model's call is; it stands in the thread. */
export async function callTool(params: Json, context: Context): Promise<Reply> {
  const { sessionId } = await context.threads.read(needed(params, "threadId"))
  const [server, tool] = [needed(params, "server"), needed(params, "tool")]
  return { result: made({ server, tool, input: params.arguments ?? {} }, sessionId, context) }
}

/** `mcpServer/resource/read`, in a thread. */
export async function readResource(params: Json, context: Context): Promise<Reply> {
  const threadId = asText(params.threadId)
  if (threadId === undefined) throw new RpcError("mcpServer/resource/read needs a thread here: name its threadId")
  const { sessionId } = await context.threads.read(threadId)
  const [server, uri] = [needed(params, "server"), needed(params, "uri")]
  const read = async () => {
    const { content, isError } = await made({ server, resource: uri }, sessionId, context)
    const text = (content as readonly Json[]).map((part) => asText(part.text) ?? "").join("\n")
    if (isError === true) throw new RpcError(text)
    return { contents: [{ uri, text }], originCallId: null }
  }
  return { result: read() }
}

/** A call by the tool of all servers, once it is settled. Nothing else of the thread is waited for. */
async function made(input: Json, sessionId: SessionId, { engine }: Context): Promise<Json> {
  const events = engine.events({ sessionId })[Symbol.asyncIterator]()
  // The first look subscribes, so that nothing of what follows is missed.
  let next = events.next()
  try {
    const { turnId } = await accepted(engine, { type: "call.make", sessionId, name: "mcp", input })
    let settled: Json | undefined
    for (let event = await next; !event.done; event = await next) {
      next = events.next()
      if (event.value.type === "call.settled") {
        const { forModel, outcome } = event.value
        settled = { content: mcpContent(forModel), isError: outcome !== "success" }
      }
      if (event.value.type !== "turn.ended" || event.value.turnId !== turnId) continue
      const { outcome } = event.value
      if (settled !== undefined) return settled
      throw new RpcError("message" in outcome && outcome.message !== undefined ? outcome.message : "It was interrupted")
    }
    throw new RpcError("The thread was closed")
  } finally {
    await events.return?.()
  }
}

/** `mcpServer/oauth/login`: the client opens the page; how it went is told by a notification. */
export async function logInToServer(params: Json, context: Context): Promise<Reply> {
  const { servers } = personalOf("mcpServer/oauth/login", context)
  const name = needed(params, "name")
  const threadId = asText(params.threadId)
  const cwd = threadId === undefined ? context.cwd : (await context.threads.read(threadId)).cwd
  const begun = await servers.begin(cwd, name, asTexts(params.scopes)).catch((error: unknown) => {
    throw new RpcError(error instanceof Error ? error.message : String(error))
  })
  const tell = (error?: unknown) => {
    const why = error === undefined ? null : error instanceof Error ? error.message : String(error)
    const about = { name, success: error === undefined, error: why, loginId: null, threadId: threadId ?? null }
    context.peer.notify("mcpServer/oauthLogin/completed", about)
  }
  return { result: { authorizationUrl: begun.url }, after: () => void begun.over.then(() => tell(), tell) }
}

/** `config/mcpServer/reload`: those of each open thread are begun anew as the settings now name them. */
export async function reloadServers({ engine, threads }: Context): Promise<Reply> {
  for (const threadId of threads.ids) {
    const { sessionId } = await threads.read(threadId)
    const servers = await engine.ask({ type: "mcp.servers", sessionId })
    for (const { name, state } of servers) {
      if (state !== "connected" && state !== "failed") continue
      const receipt = await engine.submit({ type: "mcp.control", sessionId, server: name, action: "reconnect" })
      if (receipt.status === "rejected" && receipt.code === "session.closed") {
        throw new SkeinError(receipt.code, receipt.message)
      }
    }
  }
  return { result: {} }
}
