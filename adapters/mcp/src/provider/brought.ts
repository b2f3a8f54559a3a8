import type { PassToClient } from "@skein/core/ports"
import type { McpServerSpec, SessionId } from "@skein/protocol"

/** What a session's client brought, and the way to what of it lives there. */
export interface Brought {
  readonly servers: readonly McpServerSpec[]
  readonly pass: PassToClient
}

/** What clients brought, by session; a child's is its parent's. */
export class AllBrought {
  readonly #of = new Map<SessionId, Brought>()
  readonly #parents = new Map<SessionId, SessionId>()

  put(sessionId: SessionId, brought: Brought): void {
    this.#of.set(sessionId, brought)
  }

  inherit(child: SessionId, parent: SessionId): void {
    this.#parents.set(child, parent)
  }

  /** The session that a client brought servers to for this one: itself, or the nearest above it. */
  ownerOf(sessionId: SessionId | undefined): SessionId | undefined {
    const seen = new Set<SessionId>()
    for (let at = sessionId; at !== undefined && !seen.has(at); at = this.#parents.get(at)) {
      if (this.#of.has(at)) return at
      seen.add(at)
    }
    return undefined
  }

  of(sessionId: SessionId | undefined): Brought | undefined {
    const owner = this.ownerOf(sessionId)
    return owner === undefined ? undefined : this.#of.get(owner)
  }
}
