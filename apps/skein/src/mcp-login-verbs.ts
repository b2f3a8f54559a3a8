import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import { MCP_FLAGS } from "./mcp-flags.ts"
import { SOURCE_FLAG } from "./secret-verbs.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [
  HELP_FLAG,
  { name: "trust", kind: "boolean", summary: "Trust this folder for this run" },
  ...MCP_FLAGS,
  ...CONFIG_FLAGS,
]

/** Logins to servers over HTTP. */
export const MCP_LOGIN_VERBS: readonly Verb[] = [
  {
    name: "login",
    summary: "Log in to a server by a page in a browser (OAuth), and keep that with your keys",
    usage: "<name>",
    flags: [
      { name: "scopes", kind: "string", value: "words", summary: "What the login may do, besides what it may already" },
      { name: "no-browser", kind: "boolean", summary: "Only show the page's address; paste the one it ends at" },
      SOURCE_FLAG,
      ...FLAGS,
    ],
    load: () => import("./verbs/mcp/login.ts"),
  },
  {
    name: "logout",
    summary: "Take a login away, and end it at its login server where that can be done",
    usage: "<name>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/mcp/login.ts")).logout }),
  },
  {
    name: "status",
    summary: "Say who is logged in to which server, until when, and where that is kept; asks nobody",
    usage: "[name]",
    flags: [JSON_FLAG, ...FLAGS],
    load: async () => ({ run: (await import("./verbs/mcp/login.ts")).status }),
  },
]

/** The same in the words of other programs. */
export const MCP_OAUTH_VERB: Verb = {
  name: "oauth",
  summary: "The same three: skein mcp oauth login, logout, status",
  usage: "[login | logout | status]",
  flags: [JSON_FLAG, ...FLAGS],
  load: async () => ({ run: (await import("./verbs/mcp/login.ts")).status }),
  inner: async () => MCP_LOGIN_VERBS,
}
