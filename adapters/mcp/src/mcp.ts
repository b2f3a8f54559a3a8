import type { CapabilityProvider, McpPort, PromptsPort } from "@skein/core/ports"
import { type McpLogins, mcpLogins } from "./provider/logins.ts"
import type { McpOptions } from "./provider/options.ts"
import { mcpPort } from "./provider/port.ts"
import { mcpPrompts } from "./provider/prompts.ts"
import { mcpProvider } from "./provider/provider.ts"
import { Servers } from "./provider/servers.ts"

/** MCP servers: for a model, for a person, and their prompts. */
export interface Mcp {
  readonly provider: CapabilityProvider
  readonly port: McpPort
  readonly prompts: PromptsPort
  readonly logins: McpLogins
  /** Ends all of them: nothing is left running when it resolves. */
  close(): Promise<void>
}

/** Starts nothing before it is used. */
export function mcp(options: McpOptions): Mcp {
  const servers = new Servers(options)
  return {
    provider: mcpProvider(servers, options),
    port: mcpPort(servers),
    prompts: mcpPrompts(servers),
    logins: mcpLogins(servers),
    close: () => servers.close(),
  }
}
