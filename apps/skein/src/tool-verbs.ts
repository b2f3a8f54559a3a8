import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [
  { name: "approved", kind: "boolean", summary: "Run it also where a person would be asked" },
  {
    name: "session",
    aliases: ["native-session-id"],
    kind: "string",
    value: "id",
    summary: "Make the request in this session, so that it is kept there and its model sees it",
  },
  JSON_FLAG,
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

const STEP: Flag = {
  name: "step",
  kind: "list",
  value: "step",
  summary: "input:TEXT, input-line:TEXT, drain:MS, resize:CxR, close or kill; again and again, in order",
}

/** Typed requests for one program, FEATURES CLI-55. */
const TOOL_VERBS: readonly Verb[] = [
  {
    name: "shell",
    summary: "Run a program without a terminal, judged and confined as a model's command is",
    usage: "[--approved] -- <program> [argument …]",
    flags: FLAGS,
    isCommandLast: true,
    load: () => import("./verbs/tool/shell.ts"),
  },
  {
    name: "pty",
    summary: "Run a program in a terminal, and tell all that it said",
    usage: "[--approved] -- <program> [argument …]",
    flags: FLAGS,
    isCommandLast: true,
    load: async () => ({ run: (await import("./verbs/tool/pty.ts")).run }),
  },
  {
    name: "pty-live-smoke",
    summary: "Run a program in a terminal and do the steps that a script says, each with its answer",
    usage: "[--approved] --step <step> … -- <program> [argument …]",
    flags: [STEP, ...FLAGS],
    isCommandLast: true,
    load: async () => ({ run: (await import("./verbs/tool/pty.ts")).run }),
  },
]

export const TOOL_VERB: Verb = {
  name: "tool",
  summary: "Run one program as a tool would: without a terminal, in one, or by a script",
  usage: "shell | pty | pty-live-smoke …",
  flags: [HELP_FLAG],
  load: () => import("./verbs/inner-only.ts"),
  inner: async () => TOOL_VERBS,
}
