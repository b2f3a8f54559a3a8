import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [
  { name: "json", kind: "boolean", summary: "As JSON" },
  { name: "mode", kind: "string", value: "mode", summary: "As in this permission mode" },
  { name: "sandbox", kind: "string", value: "sandbox", summary: "As in this sandbox" },
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

const load = async () => ({ run: (await import("./verbs/policy.ts")).shell })

const SHELL_VERB: Verb = {
  name: "shell",
  summary: "Take a command line apart: what it can run, what each part risks, and the decision",
  usage: "[--json] -- <line | program argument …>",
  flags: FLAGS,
  load,
}

const RULES_VERB: Verb = {
  name: "rules",
  summary: "List the rules of .skein/rules.toml here, and your own: what is checked when a tool is called",
  usage: "[--json]",
  flags: FLAGS,
  load: async () => ({ run: (await import("./verbs/policy-rules.ts")).rules }),
}

/** What would be decided, without deciding anything. */
export const POLICY_VERB: Verb = {
  name: "policy",
  summary: "Say what would be decided about a command here, and why",
  usage: "shell [--json] -- <command> | rules [--json]",
  flags: FLAGS,
  load,
  inner: async () => [SHELL_VERB, RULES_VERB],
}
