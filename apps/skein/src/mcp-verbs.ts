import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import { MCP_FLAGS } from "./mcp-flags.ts"
import { MCP_LOGIN_VERBS, MCP_OAUTH_VERB } from "./mcp-login-verbs.ts"
import { MCP_SERVE_VERB } from "./mcp-serve-verbs.ts"
import type { Verb } from "./verb.ts"

const TRUST_FLAG: Flag = { name: "trust", kind: "boolean", summary: "Trust this folder for this run" }
const LIST_FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG, TRUST_FLAG, ...MCP_FLAGS, ...CONFIG_FLAGS]

const SCOPE_FLAG: Flag = {
  ...{ name: "scope", short: "s", kind: "string", value: "scope", choices: ["user", "project"] },
  otherWords: ["local"],
  summary: "user: your own settings; project: .mcp.json here, for all who work on it",
}

const ADD_FLAGS: readonly Flag[] = [
  { name: "url", kind: "string", value: "url", summary: "Where it is reached over HTTP" },
  {
    ...{ name: "transport", short: "t", kind: "string", value: "kind", choices: ["stdio", "http", "sse"] },
    summary: "How it is spoken to",
  },
  {
    name: "env",
    short: "e",
    kind: "list",
    value: "NAME=value",
    summary: "A variable that it gets; $NAME stands for one of yours",
  },
  { name: "header", short: "H", kind: "list", value: "Name: value", summary: "A header of each request to it" },
  { name: "bearer-token-env-var", kind: "string", value: "NAME", summary: "The variable that holds its bearer token" },
  SCOPE_FLAG,
  ...[JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
]

const CALL_FLAGS: readonly Flag[] = [
  { name: "yes", kind: "boolean", summary: "Run it also where a person would be asked" },
  { name: "session", kind: "string", value: "id", summary: "Make the call in this session, so that its model sees it" },
  ...LIST_FLAGS,
]

/** What `skein mcp` can do. */
export const MCP_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls", "servers"],
    summary: "List the servers that are configured here, where each comes from, and its state; starts none",
    usage: "",
    flags: LIST_FLAGS,
    load: () => import("./verbs/mcp/list.ts"),
  },
  {
    name: "get",
    aliases: ["show"],
    summary: "Tell all of one server, secrets taken out",
    usage: "<name>",
    flags: LIST_FLAGS,
    load: async () => ({ run: (await import("./verbs/mcp/list.ts")).get }),
  },
  {
    name: "add",
    summary: "Add a server to your settings, or to the project's",
    usage: "<name> --url <url> | <name> [--env NAME=value] -- <command> [argument …]",
    flags: ADD_FLAGS,
    load: () => import("./verbs/mcp/add.ts"),
  },
  {
    name: "add-json",
    summary: "Add a server as other programs' files have it",
    usage: "<name> <json>",
    flags: [SCOPE_FLAG, JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
    load: async () => ({ run: (await import("./verbs/mcp/add.ts")).addJson }),
  },
  {
    name: "remove",
    aliases: ["rm"],
    summary: "Take a server out of your settings, or of the project's",
    usage: "<name>",
    flags: [SCOPE_FLAG, JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/mcp/remove.ts"),
  },
  {
    name: "import",
    summary: "Copy the servers that Claude, Codex, Cursor or VS Code have into your settings",
    usage: "[claude | codex | cursor | vscode] …",
    flags: [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/mcp/import.ts"),
  },
  {
    name: "doctor",
    aliases: ["test"],
    summary: "Connect to each server, or to those that are named, and say what is wrong and what to do",
    usage: "[name …]",
    flags: LIST_FLAGS,
    load: () => import("./verbs/mcp/doctor.ts"),
  },
  {
    name: "tools",
    aliases: ["list-tools"],
    summary: "Connect to servers and list their tools",
    usage: "[name …]",
    flags: LIST_FLAGS,
    load: () => import("./verbs/mcp/tools.ts"),
  },
  {
    name: "call",
    summary: "Call a tool yourself, judged as a model's call is, and recorded in a session",
    usage: "<server> <tool> [json | argument=value …]",
    flags: CALL_FLAGS,
    load: () => import("./verbs/mcp/call.ts"),
  },
  {
    name: "debug",
    summary: "Connect to one server and print every message that goes there and back",
    usage: "<name>",
    flags: LIST_FLAGS,
    load: () => import("./verbs/mcp/debug.ts"),
  },
  {
    name: "reload",
    summary: "Read the configuration again, and say what it has; a session does so with each turn",
    usage: "",
    flags: LIST_FLAGS,
    load: async () => ({ run: (await import("./verbs/mcp/list.ts")).reload }),
  },
]

export const MCP_VERB: Verb = {
  name: "mcp",
  summary: "MCP servers: list, add, remove, check, call and log in to them; be one yourself",
  usage: "[list | get | add | remove | import | doctor | tools | call | login | debug | serve | …]",
  flags: LIST_FLAGS,
  load: () => import("./verbs/mcp/list.ts"),
  inner: async () => [...MCP_VERBS, ...MCP_LOGIN_VERBS, MCP_OAUTH_VERB, MCP_SERVE_VERB],
}
