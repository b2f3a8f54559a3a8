import type { Rule } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { amount, anyOf, count, header, hosts, oneOf, type Shape, text, texts, textsOrNone, truth } from "./shapes.ts"

/** Servers of tools. */
export interface McpValues {
  /** Whose configurations are read besides skein's own: `claude`, `codex`, `cursor`, `vscode`. */
  readonly imports: readonly string[]
  /** Tools of servers that take no more than this are told in full. */
  readonly tokensInFull: number
  /** The person's own, by name, with the keys of TOML: what reads other programs' files reads these. */
  readonly servers: Json
}

export interface McpTree {
  import: string[]
  tokens_in_full: number
}

export type McpServersTree = Record<string, Json & { tools?: Record<string, { decision?: Rule["decision"] }> }>

export function mcpOf(tree: McpTree, servers: McpServersTree | undefined): McpValues {
  return { imports: tree.import, tokensInFull: tree.tokens_in_full, servers: servers ?? {} }
}

/** What is said of single tools is a rule like any other. */
export function mcpRules(servers: McpServersTree | undefined): readonly Rule[] {
  return Object.entries(servers ?? {}).flatMap(([server, { tools = {} }]) =>
    Object.entries(tools).flatMap(([tool, { decision }]): Rule[] =>
      decision === undefined ? [] : [{ tool: `mcp__${plain(server)}__${plain(tool)}`, decision, scope: "user" }],
    ),
  )
}

/** Keys of one server, Codex's among them; those of the second list are never shown. */
export const SERVER_KEYS: readonly (readonly [key: string, shape: Shape, isSecret?: "hidden"])[] = [
  ["enabled", truth],
  ["required", truth],
  ["type", oneOf(["stdio", "http", "sse", "streamable-http"])],
  ["command", text],
  ["args", textsOrNone, "hidden"],
  ["env.*", header, "hidden"],
  ["env_vars", texts],
  ["cwd", text],
  ["url", text, "hidden"],
  ["bearer_token_env_var", text],
  ["oauth.client_id", text],
  ["oauth.client_secret", header, "hidden"],
  ["oauth.scopes", texts],
  ["oauth.callback_port", count],
  ["scopes", texts],
  ["headers.*", header, "hidden"],
  ["http_headers.*", header, "hidden"],
  ["env_http_headers.*", text],
  ["startup_timeout_sec", amount],
  ["startup_timeout_ms", count],
  ["tool_timeout_sec", amount],
  ["enabled_tools", textsOrNone],
  ["disabled_tools", textsOrNone],
  ["network", hosts],
  ["sandbox", oneOf(["workspace-write", "full-access"])],
  ["tools.*.decision", oneOf(["allow", "ask", "deny"])],
  ["tools.*.approval_mode", oneOf(["auto", "prompt", "approve"])],
]

export const IMPORTED = anyOf(["claude", "codex", "cursor", "vscode"])

/** As a model calls them. */
const plain = (name: string) => name.replace(/[^A-Za-z0-9_-]+/g, "_")
