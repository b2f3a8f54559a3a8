import { HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Verb } from "./verb.ts"

/** How skein stands to other programs, from runs. */
export const PARITY_VERBS: readonly Verb[] = [
  {
    name: "parity",
    summary: "What of other programs' doors holds here, from runs made now with a scripted model",
    usage: "[surface]",
    flags: [
      { name: "all", kind: "boolean", summary: "Also the rows that hold" },
      { name: "reference", kind: "string", value: "dir", summary: "Hold it against a program that was captured there" },
      JSON_FLAG,
      HELP_FLAG,
    ],
    load: () => import("./verbs/parity.ts"),
  },
  {
    name: "reference",
    summary: "Record what another program shows of itself, to compare with",
    usage: "commands | capture | compare",
    flags: [HELP_FLAG],
    load: () => import("./verbs/inner-only.ts"),
    inner: async () => (await import("./reference-verbs.ts")).REFERENCE_VERBS,
  },
]
