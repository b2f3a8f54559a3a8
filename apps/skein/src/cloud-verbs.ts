import { HELP_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

/** Codex's flags of them, so that a script's line is understood before it is refused. */
const FLAGS: readonly Flag[] = [
  ...["env", "attempts", "branch", "attempt", "limit", "cursor"].map(
    (name) => ({ name, kind: "string", value: name, summary: "As Codex has it" }) as const,
  ),
  { name: "json", kind: "boolean", summary: "As Codex has it" },
  { name: "config", short: "c", kind: "list", value: "key=value", summary: "As Codex has it" },
  HELP_FLAG,
]

const WORDS = [
  ["exec", "Hand a task to a hosted machine", "[prompt]"],
  ["status", "Say how a hosted task stands", "<task>"],
  ["list", "List hosted tasks", ""],
  ["apply", "Take the changes of a hosted task", "<task>"],
  ["diff", "Show the changes of a hosted task", "<task>"],
] as const

/** What `skein cloud` would do. Each is refused by name, and says what does the same here. */
export const CLOUD_VERBS: readonly Verb[] = WORDS.map(([name, summary, usage]) => ({
  name,
  summary: `${summary}; not available, and it says why`,
  usage,
  flags: FLAGS,
  load: async () => ({ run: (await import("./verbs/cloud.ts")).refusing(name) }),
}))
