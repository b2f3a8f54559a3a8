import type { PassToClient } from "@skein/core/ports"
import type { McpServerSpec } from "@skein/protocol"

/** What a session's client brought, and the way to what of it lives there. */
export interface Brought {
  readonly servers: readonly McpServerSpec[]
  readonly pass: PassToClient
}
