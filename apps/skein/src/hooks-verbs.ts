import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [
  JSON_FLAG,
  { name: "trust", kind: "boolean", summary: "Trust what is in the folder, for this run alone" },
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

const TEST_FLAGS: readonly Flag[] = [
  {
    name: "tool",
    kind: "string",
    value: "name",
    summary: "Which tool is called, in skein's words; bash when left out",
  },
  { name: "input", kind: "string", value: "json", summary: "What it is called with; with --tool" },
  {
    name: "text",
    kind: "string",
    value: "text",
    summary: "The prompt, the output, the error or the message of the point",
  },
  {
    name: "kind",
    kind: "string",
    value: "word",
    summary: "How it came to it: startup, resume, manual, auto, permission …",
  },
  ...FLAGS,
]

/** What `skein hooks` can do. */
const HOOKS_VERBS: readonly Verb[] = [
  {
    name: "list",
    summary: "List what runs at points of a turn, and what does not and why",
    usage: "[event]",
    flags: FLAGS,
    load: () => import("./verbs/hooks.ts"),
  },
  {
    name: "test",
    summary: "Run the hooks of a made-up point and show what they say; exit 1 where it would not go on",
    usage: "<event>",
    flags: TEST_FLAGS,
    load: () => import("./verbs/hooks-test.ts"),
  },
]

export const HOOKS_VERB: Verb = {
  name: "hooks",
  summary: "See and try the programs that run at points of a turn",
  usage: "[list | test]",
  flags: FLAGS,
  load: () => import("./verbs/hooks.ts"),
  inner: async () => HOOKS_VERBS,
}
