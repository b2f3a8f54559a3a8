import { HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Verb } from "./verb.ts"

/** What `skein reference` can do. */
export const REFERENCE_VERBS: readonly Verb[] = [
  {
    name: "commands",
    summary: "Say which commands of it a capture runs, and run none",
    usage: "<program>",
    flags: [JSON_FLAG, HELP_FLAG],
    load: async () => ({ run: (await import("./verbs/reference.ts")).commands }),
  },
  {
    name: "capture",
    summary:
      "Record its version, its help down to the last word, its features and its schemas, in the sandbox without network",
    usage: "<program> --out DIR",
    flags: [
      { name: "out", kind: "string", value: "dir", summary: "Where the record goes: a new or empty folder" },
      {
        name: "deep",
        kind: "string",
        value: "n",
        summary: "How many words below the program help is asked for; 3 when not said",
      },
      { name: "no-sandbox", kind: "boolean", summary: "Run it unconfined; for a machine you can lose" },
      JSON_FLAG,
      HELP_FLAG,
    ],
    load: async () => ({ run: (await import("./verbs/reference.ts")).capture }),
  },
  {
    name: "compare",
    summary: "Say what two captures differ in",
    usage: "<dir> <dir>",
    flags: [JSON_FLAG, HELP_FLAG],
    load: async () => ({ run: (await import("./verbs/reference.ts")).compare }),
  },
]
