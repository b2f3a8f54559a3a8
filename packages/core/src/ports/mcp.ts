import type { McpAction, McpClientMessage, McpServerInfo, McpServerSpec, SessionId } from "@skein/protocol"
import type { Place } from "./place.ts"

/** MCP servers, for a person and for clients; what a model does with them goes through their `CapabilityProvider`. */
export interface McpPort {
  /** All that are configured for a place, in the order of their names. Starts none. */
  servers(place: Place): Promise<readonly McpServerInfo[]>
  /**
   * `connect` starts it where it does not run, and forgets why it failed; `disconnect` ends it until it is needed again;
   * `disable` and `enable` hold for the session. Throws SkeinError that says what to do.
   */
  control(name: string, action: McpAction, place: Place): Promise<McpServerInfo>
  /**
   * The servers that a session's client brought, in the place of those that it brought before. `pass` is the way to those
   * that live in the client.
   */
  bring(sessionId: SessionId, servers: readonly McpServerSpec[], pass: PassToClient): Promise<void>
  /** A child has what the client brought to its parent, now and later, by the same way. */
  inherit(child: SessionId, parent: SessionId): void
}

/**
 * Passes a message of JSON-RPC on to the client in which the server lives, and resolves with its answer: undefined or null
 * where it gave none. Rejects with SkeinError as `PlanContext.askClient` does. Never hangs.
 */
export type PassToClient = (passed: McpClientMessage) => Promise<unknown>
