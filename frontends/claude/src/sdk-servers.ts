import {
  type ClientId,
  type Event,
  type EventOf,
  McpClientMessage,
  type McpServerSpec,
  type Op,
  type SessionId,
  SkeinError,
} from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { HostRequests } from "./host.ts"

/**
 * The MCP servers that a host brings: those that skein starts for it, and those that live in the host, as `createSdkMcpServer`
 * makes them, which are spoken to by `mcp_message` over the same pipe.
 */
export interface SdkServers {
  readonly clientId: ClientId
  /** Which of them live in the host, and all of them. */
  inHost(): readonly string[]
  now(): readonly string[]
  /** Whether a server of the start gave way to another of its name: from then on it goes with that. */
  isReplaced(name: string): boolean
  /** Those of the start, which stay when others are brought. */
  readonly first: readonly McpServerSpec[]
  /** Tells the session of them, in the place of those before. Throws SkeinError. */
  bring(specs: readonly McpServerSpec[], inHost: readonly string[]): Promise<void>
  /**
   * Begins each, so that what they offer is told to the model from the first request on. To be called once events are
   * read. Why each cannot be used that cannot.
   */
  connect(names: readonly string[]): Promise<Readonly<Record<string, string>>>
  /** Passes a message for one of them on to the host, and its answer back. A host that is slow keeps nothing else waiting. */
  take(event: Event, host: HostRequests): void
  detach(): Promise<void>
}

interface Serves {
  readonly sessionId: SessionId
  readonly clientId: ClientId
  readonly first: readonly McpServerSpec[]
  submit(op: Op): Promise<unknown>
  /** Told why one of them cannot be used. */
  warn(sentence: string): void
}

export function sdkServers({ sessionId, clientId, first, submit, warn }: Serves): SdkServers {
  let names: readonly string[] = []
  let all: readonly McpServerSpec[] = []
  const replaced = new Set<string>()
  let isAttached = false
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
    ...{ clientId, first },
    inHost: () => names,
    now: () => all.map(({ name }) => name),
    isReplaced: (name) => replaced.has(name),
    async bring(specs, inHost) {
      if (!isAttached && inHost.length > 0) {
        isAttached = true
        await submit({ type: "client.attach", sessionId, clientId, answers: ["mcp"] })
      }
      names = inHost
      const own = inHost.map((name) => ({ name, transport: { kind: "client" } as const }))
      const servers = [...own, ...specs]
      await submit({ type: "mcp.bring", sessionId, servers })
      all = servers
      for (const spec of first) if (!specs.includes(spec)) replaced.add(spec.name)
    },
    async connect(servers) {
      const begun = servers.map(async (server) => {
        try {
          await submit({ type: "mcp.control", sessionId, server, action: "connect" })
          return []
        } catch (error) {
          if (!(error instanceof SkeinError)) throw error
          warn(`The MCP server ${server} of the host cannot be used. ${error.message}`)
          return [[server, error.message] as const]
        }
      })
      return Object.fromEntries((await Promise.all(begun)).flat())
    },
    take(event, host) {
      if (event.type !== "client.requested" || event.clientId !== clientId) return
      pass(event, host).catch((error: unknown) => warn(`A message to a server of the host was lost: ${String(error)}`))
    },
    async detach() {
      if (isAttached) await submit({ type: "client.detach", sessionId, clientId })
      isAttached = false
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
