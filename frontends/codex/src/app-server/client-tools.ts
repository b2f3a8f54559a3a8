import {
  type ClientId,
  type EventOf,
  McpClientMessage,
  type McpServerSpec,
  type Op,
  type SessionId,
} from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { clientNamespace, clientServer } from "../words.ts"
import { type Peer, RpcError } from "./peer.ts"

/** Tools that a client runs itself, by their server: one for each namespace. */
export type ClientTools = ReadonlyMap<string, readonly Json[]>

/** Reads `dynamicTools` of `thread/start`. Throws RpcError. */
export function readClientTools(value: unknown): ClientTools {
  const tools = new Map<string, Json[]>()
  const put = (namespace: string | null, entry: Json) => {
    const name = asText(entry.name)
    if (name === undefined || !/^[\w-]{1,64}$/.test(name))
      throw new RpcError(`invalid dynamic tool name: ${String(name)}`)
    const server = clientServer(namespace)
    const known = tools.get(server) ?? []
    if (known.some((tool) => tool.name === name)) throw new RpcError(`duplicate dynamic tool name: ${name}`)
    const inputSchema = asObject(entry.inputSchema) ?? { type: "object" }
    known.push({ name, description: asText(entry.description) ?? "", inputSchema })
    tools.set(server, known)
  }
  for (const one of asList(value)) {
    const entry = asObject(one) ?? {}
    if (entry.type !== "namespace") put(null, entry)
    else for (const tool of asList(entry.tools)) put(asText(entry.name) ?? "", asObject(tool) ?? {})
  }
  return tools
}

interface Serving {
  readonly sessionId: SessionId
  readonly clientId: ClientId
  readonly threadId: string
  readonly tools: ClientTools
  readonly peer: Peer
  submit(op: Op): Promise<unknown>
  /** The call that is under way with this name and these arguments, and its turn. */
  callOf(name: string, input: unknown): { readonly callId: string; readonly turnId: string }
}

/** The client's own tools, brought to the session as servers whose messages are answered here. */
export class ClientToolServers {
  readonly #serving: Serving
  readonly #clientId: ClientId

  constructor(serving: Serving) {
    this.#serving = serving
    this.#clientId = `${serving.clientId}-tools`
  }

  /** Throws SkeinError. Events must be read meanwhile: the session asks what there is. */
  async bring(): Promise<void> {
    const { sessionId, tools, submit } = this.#serving
    await submit({ type: "client.attach", sessionId, clientId: this.#clientId, answers: ["mcp"] })
    const servers = [...tools.keys()].map((name): McpServerSpec => ({ name, transport: { kind: "client" } }))
    await submit({ type: "mcp.bring", sessionId, servers })
    for (const name of tools.keys()) {
      await submit({ type: "mcp.control", sessionId, server: name, action: "connect" })
      // Whoever offers a tool runs it, and can say no to each call.
      const rule = { tool: `mcp__${name}__*`, decision: "allow", scope: "session" } as const
      await submit({ type: "rule.add", sessionId, rule })
    }
  }

  /** Answers a message for one of them; false when it is for somebody else. */
  take(event: EventOf<"client.requested">, onFailure: (error: unknown) => void): boolean {
    if (event.clientId !== this.#clientId) return false
    this.#answer(event).catch(onFailure)
    return true
  }

  async #answer({ requestId, payload }: EventOf<"client.requested">): Promise<void> {
    const { sessionId, submit } = this.#serving
    const { server, message } = McpClientMessage().parse(payload)
    const said = asObject(message) ?? {}
    // A notification wants no answer.
    const result = said.id === undefined ? null : await this.#reply(server, said)
    await submit({ type: "client.answer", sessionId, clientId: this.#clientId, requestId, result })
  }

  async #reply(server: string, { id, method, params }: Json): Promise<Json> {
    const answered = { jsonrpc: "2.0", id }
    const asked = asObject(params) ?? {}
    switch (method) {
      case "initialize": {
        const serverInfo = { name: server, version: "1" }
        const protocolVersion = asText(asked.protocolVersion) ?? "2025-06-18"
        return { ...answered, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } }
      }
      case "tools/list":
        return { ...answered, result: { tools: this.#serving.tools.get(server) ?? [] } }
      case "tools/call":
        return { ...answered, result: await this.#call(server, asText(asked.name) ?? "", asked.arguments ?? {}) }
      case "ping":
        return { ...answered, result: {} }
      default:
        return { ...answered, error: { code: -32601, message: `Method not found: ${String(method)}` } }
    }
  }

  async #call(server: string, tool: string, input: unknown): Promise<Json> {
    const { peer, threadId, callOf } = this.#serving
    const { callId, turnId } = callOf(`mcp__${server}__${tool}`, input)
    const params = { threadId, turnId, callId, namespace: clientNamespace(server) ?? null, tool, arguments: input }
    const reply = await peer.request("item/tool/call", params).answer
    if (reply === undefined)
      return { content: [{ type: "text", text: "The client did not run the tool." }], isError: true }
    return { content: asList(reply.contentItems).flatMap(contentOf), isError: reply.success !== true }
  }
}

function contentOf(item: unknown): readonly Json[] {
  const part = asObject(item) ?? {}
  if (part.type === "inputText") return [{ type: "text", text: asText(part.text) ?? "" }]
  const [, mimeType, data] = /^data:([\w.+-]+\/[\w.+-]+);base64,(.*)$/s.exec(asText(part.imageUrl) ?? "") ?? []
  if (mimeType !== undefined && data !== undefined) return [{ type: "image", mimeType, data }]
  return [{ type: "text", text: `(an item of type ${String(part.type)} that cannot be shown)` }]
}
