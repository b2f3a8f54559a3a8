import { HELP_FLAG } from "./flag-sets.ts"
import type { Verb } from "./verb.ts"

/** Parts of the machine that are looked at by themselves. */
export const DOCTOR_VERBS: readonly Verb[] = [
  {
    name: "terminal",
    summary: "Test this terminal: drawing, keys, clipboard, colors, widths; with the cure for each",
    usage: "[--json]",
    flags: [{ name: "json", kind: "boolean", summary: "As JSON" }, HELP_FLAG],
    load: () => import("./verbs/doctor-terminal.ts"),
  },
]
