import type { McpServerSpec } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"
import { type HostTool, toolResult } from "./tools.ts"

/** The name by which the session knows the tools of this process, as of an MCP server. */
export const SERVER = "host"

/** What the engine is told of them: which may be called unasked, and whose results others cannot have written, is its to weigh. */
export function serverSpec(tools: readonly HostTool[]): McpServerSpec {
  const named = (is: (tool: HostTool) => boolean) => tools.filter(is).map(({ name }) => name)
  return {
    name: SERVER,
    transport: { kind: "client" },
    toolsUnasked: named(({ isAsked }) => !isAsked),
    toolsTrusted: named(({ isTrusted }) => isTrusted),
  }
}

const REVISION = "2025-06-18"

/** An MCP server of one's own functions, which is spoken to through the engine. */
export class ToolServer {
  readonly #tools: ReadonlyMap<string, HostTool>
  readonly #running = new Map<unknown, AbortController>()

  constructor(tools: readonly HostTool[]) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]))
  }

  /** The answer to one message of JSON-RPC; null where none is wanted. */
  async answer(message: unknown): Promise<Json | null> {
    const { id, method, params } = asObject(message) ?? {}
    if (id === undefined || id === null) {
      if (method === "notifications/cancelled") this.#running.get(asObject(params)?.requestId)?.abort()
      return null
    }
    const said = await this.#said(id, asText(method) ?? "", asObject(params) ?? {})
    return { jsonrpc: "2.0", id, ...said }
  }

  /** Whoever waits for a call is gone. */
  stop(): void {
    for (const call of this.#running.values()) call.abort()
  }

  async #said(id: unknown, method: string, params: Json): Promise<Json> {
    switch (method) {
      case "initialize":
        return {
          result: {
            protocolVersion: REVISION,
            capabilities: { tools: {} },
            serverInfo: { name: SERVER, version: "1" },
          },
        }
      case "ping":
        return { result: {} }
      case "tools/list":
        return { result: { tools: [...this.#tools.values()].map(listed) } }
      case "tools/call":
        return this.#called(id, params)
      default:
        return { error: { code: -32_601, message: `There is no method ${method}.` } }
    }
  }

  async #called(id: unknown, { name, arguments: input = {} }: Json): Promise<Json> {
    const tool = this.#tools.get(asText(name) ?? "")
    if (tool === undefined) return { error: { code: -32_602, message: `There is no tool ${String(name)}.` } }
    const stop = new AbortController()
    this.#running.set(id, stop)
    try {
      return { result: await toolResult(tool, input, { signal: stop.signal }) }
    } finally {
      this.#running.delete(id)
    }
  }
}

function listed({ name, description, inputSchema, isReadOnly }: HostTool): Json {
  return { name, description, inputSchema, annotations: { readOnlyHint: isReadOnly } }
}
