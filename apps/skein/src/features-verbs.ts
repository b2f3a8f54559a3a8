import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const CHANGE_FLAGS: readonly Flag[] = [HELP_FLAG]

export const FEATURE_LIST_FLAGS: readonly Flag[] = [
  { name: "enable", kind: "list", value: "feature", summary: "As if it were switched on" },
  { name: "disable", kind: "list", value: "feature", summary: "As if it were switched off" },
  JSON_FLAG,
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

/** What `skein features` can do. */
export const FEATURE_VERBS: readonly Verb[] = [
  {
    name: "list",
    summary: "Name, stage and state of each, as the configuration and the flags have it",
    usage: "",
    flags: FEATURE_LIST_FLAGS,
    load: async () => ({ run: (await import("./verbs/features.ts")).list }),
  },
  {
    name: "enable",
    summary: "Switch one on, in [features] of your config.toml",
    usage: "<name>",
    flags: CHANGE_FLAGS,
    load: async () => ({ run: (await import("./verbs/features.ts")).enable }),
  },
  {
    name: "disable",
    summary: "Switch one off there",
    usage: "<name>",
    flags: CHANGE_FLAGS,
    load: async () => ({ run: (await import("./verbs/features.ts")).disable }),
  },
]
