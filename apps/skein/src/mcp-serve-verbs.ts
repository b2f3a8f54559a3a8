import { ACP_FLAGS, CONFIG_FLAGS, HELP_FLAG, PRINT_FLAGS, SESSION_FLAGS } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const named = (flags: readonly Flag[], names: readonly string[]) => flags.filter(({ name }) => names.includes(name))

/** What a served folder may be done to. No model is asked, so nothing here is about one. */
const SERVE_FLAGS: readonly Flag[] = [
  { name: "listen", kind: "string", value: "host:port", summary: "Serve over HTTP there, to whoever has the token" },
  {
    name: "token-file",
    kind: "string",
    value: "file",
    summary: "With --listen: the token is in this file, which nobody else can read; else one is made and told once",
  },
  ...named(PRINT_FLAGS, ["mode", "profile"]),
  {
    name: "allow-tools",
    aliases: ["allowed-tools", "allowedTools"],
    kind: "list",
    value: "rules",
    summary: "Calls that need no question: Edit,Bash(git status)",
  },
  {
    name: "deny-tools",
    aliases: ["disallowed-tools", "disallowedTools"],
    kind: "list",
    value: "rules",
    summary: "Calls that are refused",
  },
  ...named(SESSION_FLAGS, ["sandbox", "no-sandbox", "permission-profile", "add-dir", "allow", "ephemeral", "trust"]),
  { name: "bus-url", kind: "string", value: "url", summary: "Not available in this version" },
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

/** What `skein mcp` can do as a server. */
export const MCP_SERVE_VERB: Verb = {
  name: "serve",
  summary: "Be an MCP server: skein's tools, for another agent, in this folder",
  usage: "[folder]",
  flags: SERVE_FLAGS,
  load: () => import("./verbs/mcp/serve.ts"),
}

/** Codex's tools for another agent: a turn for each call. */
export const MCP_SERVER_VERB: Verb = {
  name: "mcp-server",
  summary: "Be an MCP server with Codex's tools: codex and codex-reply, a turn for each call",
  usage: "",
  flags: [...ACP_FLAGS, ...CONFIG_FLAGS],
  load: () => import("./verbs/mcp/server.ts"),
}
