import type { McpPort } from "@skein/core/ports"
import type { Servers } from "./servers.ts"

/** Servers for a person and for clients. */
export function mcpPort(servers: Servers): McpPort {
  return {
    async servers(place) {
      const state = await servers.look(place)
      return state.rows.map((row) => servers.infoOf(row, state))
    },
    control: (name, action, place) => servers.control(name, action, place),
    bring: async (sessionId, brought, pass) => servers.brought.put(sessionId, { servers: brought, pass }),
    inherit: (child, parent) => servers.brought.inherit(child, parent),
  }
}
