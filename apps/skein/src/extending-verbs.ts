import { HOOKS_VERB } from "./hooks-verbs.ts"
import { LSP_VERB } from "./lsp-verbs.ts"
import { MCP_SERVER_VERB } from "./mcp-serve-verbs.ts"
import { MCP_VERB } from "./mcp-verbs.ts"
import { PLUGIN_VERB } from "./plugin-verbs.ts"
import type { Verb } from "./verb.ts"

/** What people add to skein, and skein to other agents, in the order of help. */
export const EXTENDING_VERBS: readonly Verb[] = [HOOKS_VERB, LSP_VERB, MCP_VERB, PLUGIN_VERB, MCP_SERVER_VERB]
