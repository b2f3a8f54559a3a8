import { HELP_FLAG } from "./flag-sets.ts"
import { PERMISSION_LIST_FLAGS } from "./permission-flags.ts"
import type { Verb } from "./verb.ts"

/** What tells and changes who may do what. */
export const PERMISSION_ROWS: readonly Verb[] = [
  {
    name: "permissions",
    aliases: ["permission"],
    summary: "What may be done without asking, who said so, and what would be decided",
    usage: "[list | add | remove | edit | import | test | explain | simulate]",
    flags: PERMISSION_LIST_FLAGS,
    load: () => import("./verbs/permissions/list.ts"),
    inner: async () => (await import("./permission-verbs.ts")).PERMISSION_VERBS,
  },
  {
    name: "execpolicy",
    summary: "Check commands against Codex's policy files",
    usage: "check --rules <file> … <command …>",
    flags: [HELP_FLAG],
    load: () => import("./verbs/execpolicy.ts"),
    inner: async () => (await import("./permission-verbs.ts")).EXECPOLICY_VERBS,
  },
]
