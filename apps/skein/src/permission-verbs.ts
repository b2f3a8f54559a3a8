import {
  ADD_FLAGS,
  EXECPOLICY_CHECK_FLAGS,
  IMPORT_RULES_FLAGS,
  PERMISSION_LIST_FLAGS,
  REMOVE_FLAGS,
  SIMULATE_FLAGS,
  TEST_FLAGS,
} from "./permission-flags.ts"
import type { Verb } from "./verb.ts"

/** What `skein permissions` can do. */
export const PERMISSION_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the rules that hold here, strongest scope first, with where each is from",
    usage: "",
    flags: PERMISSION_LIST_FLAGS,
    load: () => import("./verbs/permissions/list.ts"),
  },
  {
    name: "add",
    summary: "Add a rule: a command, a tool, a path, host:example.org, or as Bash(npm test:*)",
    usage: "allow | ask | deny <what> (also: block <command>, guard <path>)",
    flags: ADD_FLAGS,
    load: async () => ({ run: (await import("./verbs/permissions/change.ts")).add }),
  },
  {
    name: "remove",
    aliases: ["rm", "delete"],
    summary: "Remove kept rules, by id or by their number in the list",
    usage: "<id | number> …",
    flags: REMOVE_FLAGS,
    load: async () => ({ run: (await import("./verbs/permissions/change.ts")).remove }),
  },
  {
    name: "edit",
    summary: "Open the kept rules in $EDITOR; they are taken over when they are right",
    usage: "",
    flags: REMOVE_FLAGS,
    load: () => import("./verbs/permissions/edit.ts"),
  },
  {
    name: "import",
    summary: "Take over rules from a file: Claude Code's settings, Codex's *.rules, lists as JSON",
    usage: "<file>",
    flags: IMPORT_RULES_FLAGS,
    load: async () => ({ run: (await import("./verbs/permissions/change.ts")).importRules }),
  },
  {
    name: "test",
    summary: "Say what would be decided; exit 0 allow, 1 ask, 2 deny",
    usage: "<command …> | --tool <name> <input as JSON>",
    flags: TEST_FLAGS,
    isCommandLast: true,
    load: async () => ({ run: (await import("./verbs/permissions/test.ts")).run }),
  },
  {
    name: "explain",
    summary: "The same with every part of the call: each command, file and host; exit codes as test",
    usage: "<command …> | --tool <name> <input as JSON>",
    flags: TEST_FLAGS,
    isCommandLast: true,
    load: async () => ({ run: (await import("./verbs/permissions/test.ts")).explain }),
  },
  {
    name: "simulate",
    summary: "Judge past sessions' calls as if a rule held: questions saved, and what it would let through",
    usage: "allow | ask | deny <what>",
    flags: SIMULATE_FLAGS,
    load: () => import("./verbs/permissions/simulate.ts"),
  },
]

/** What `skein execpolicy` can do. */
export const EXECPOLICY_VERBS: readonly Verb[] = [
  {
    name: "check",
    summary: "Say which rules match a command, and the strictest decision, as JSON",
    usage: "--rules <file> … <command …>",
    flags: EXECPOLICY_CHECK_FLAGS,
    isCommandLast: true,
    load: async () => ({ run: (await import("./verbs/execpolicy.ts")).check }),
  },
]
