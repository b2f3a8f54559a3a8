import {
  type ClientId,
  type Event,
  type EventOf,
  McpClientMessage,
  type Op,
  type SessionId,
  SkeinError,
} from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { HostRequests } from "./host.ts"

/** MCP servers that live in the host, as `createSdkMcpServer` makes them: spoken to by `mcp_message` over the same pipe. */
export interface SdkServers {
  readonly clientId: ClientId
  /** Tells the session of them. Throws SkeinError. */
  bring(): Promise<void>
  /** Begins each, so that what they offer is told to the model from the first request on. To be called once events are read. */
  connect(): Promise<void>
  /** Passes a message for one of them on to the host, and its answer back. A host that is slow keeps nothing else waiting. */
  take(event: Event, host: HostRequests): void
}

interface Serves {
  readonly sessionId: SessionId
  readonly clientId: ClientId
  readonly names: readonly string[]
  submit(op: Op): Promise<unknown>
  /** Told why one of them cannot be used. */
  warn(sentence: string): void
}

export function sdkServers({ sessionId, clientId, names, submit, warn }: Serves): SdkServers {
  const pass = async ({ requestId, payload }: EventOf<"client.requested">, host: HostRequests) => {
    const { server, message } = McpClientMessage().parse(payload)
    const said = await answerTo(host, requestId, { subtype: "mcp_message", server_name: server, message })
    try {
      await submit({ type: "client.answer", sessionId, clientId, requestId, ...said })
    } catch (error) {
      // Whoever asked gave up meanwhile, or the session is over.
      if (!(error instanceof SkeinError)) throw error
    }
  }
  return {
    clientId,
    async bring() {
      await submit({ type: "client.attach", sessionId, clientId, answers: ["mcp"] })
      const servers = names.map((name) => ({ name, transport: { kind: "client" } as const }))
      await submit({ type: "mcp.bring", sessionId, servers })
    },
    async connect() {
      const begun = names.map(async (server) => {
        try {
          await submit({ type: "mcp.control", sessionId, server, action: "connect" })
        } catch (error) {
          if (!(error instanceof SkeinError)) throw error
          warn(`The MCP server ${server} of the host cannot be used. ${error.message}`)
        }
      })
      await Promise.all(begun)
    },
    take(event, host) {
      if (event.type !== "client.requested" || event.clientId !== clientId) return
      pass(event, host).catch((error: unknown) => warn(`A message to a server of the host was lost: ${String(error)}`))
    },
  }
}

async function answerTo(
  host: HostRequests,
  id: string,
  request: Json,
): Promise<{ result: unknown } | { error: string }> {
  try {
    const reply = await host.ask(id, request)
    return { result: reply?.mcp_response ?? null }
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    return { error: error.message }
  }
}
