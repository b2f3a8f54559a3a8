import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [
  JSON_FLAG,
  { name: "add-dir", kind: "list", value: "dir", summary: "Another folder to work in" },
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

/** What `skein lsp` can do. */
const LSP_VERBS: readonly Verb[] = [
  {
    name: "status",
    summary: "List the language servers and linters that the files here have, and how to get those that are missing",
    usage: "",
    flags: FLAGS,
    load: () => import("./verbs/lsp.ts"),
  },
  {
    name: "diagnostics",
    aliases: ["check"],
    summary: "Say what they find wrong with files or folders; exit 1 when it is an error",
    usage: "<path> …",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/lsp.ts")).diagnostics }),
  },
  {
    name: "symbols",
    summary: "List the symbols of a file, or those of the folder whose name holds a word",
    usage: "<file | name>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/lsp.ts")).symbols }),
  },
]

export const LSP_VERB: Verb = {
  name: "lsp",
  summary: "Ask language servers and linters about the code here",
  usage: "[status | diagnostics | symbols]",
  flags: FLAGS,
  load: () => import("./verbs/lsp.ts"),
  inner: async () => LSP_VERBS,
}
