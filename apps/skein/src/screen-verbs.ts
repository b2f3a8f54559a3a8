import { DRIVE_FLAGS, VALIDATE_FLAGS, VIEW_FLAGS, VIEW_LIST_FLAGS } from "./screen-flags.ts"
import type { Verb } from "./verb.ts"

/** What `skein terminal-app` can do. */
export const TERMINAL_APP_VERBS: readonly Verb[] = [
  {
    name: "smoke",
    summary: "Drive it in a folder of its own with a model that only repeats: no key, no network",
    usage: "[-- arguments of skein]",
    flags: DRIVE_FLAGS,
    load: () => import("./verbs/terminal-app/smoke.ts"),
  },
  {
    name: "run",
    summary: "Drive it here, with your settings and your model",
    usage: "[-- arguments of skein]",
    flags: DRIVE_FLAGS,
    load: () => import("./verbs/terminal-app/run.ts"),
  },
  {
    name: "validate",
    summary: "Say what contradicts itself in a file of evidence",
    usage: "<file>",
    flags: VALIDATE_FLAGS,
    load: () => import("./verbs/terminal-app/validate.ts"),
  },
]

/** What `skein view` can do. */
export const VIEW_VERBS: readonly Verb[] = [
  {
    name: "list",
    summary: "List the named views",
    usage: "",
    flags: VIEW_LIST_FLAGS,
    load: () => import("./verbs/view/list.ts"),
  },
  {
    name: "snapshot",
    summary: "Draw a named view as it stands on a screen of that size",
    usage: "<view>",
    flags: VIEW_FLAGS,
    load: () => import("./verbs/view/snapshot.ts"),
  },
  {
    name: "compare",
    summary: "Say what differs between two views or snapshots: rows, words, looks; 1 when something does",
    usage: "<view or file> <view or file>",
    flags: VIEW_FLAGS,
    load: () => import("./verbs/view/compare.ts"),
  },
  {
    name: "resize-flow",
    summary: "Draw a named view through one size after the other and say whether anything stays behind",
    usage: "<view>",
    flags: VIEW_FLAGS,
    load: () => import("./verbs/view/resize-flow.ts"),
  },
]
