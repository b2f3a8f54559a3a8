import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import type { Verb } from "./verb.ts"

/** What works on this machine; the terminal by itself, as it is asked about itself for that. */
export const DOCTOR_VERB: Verb = {
  name: "doctor",
  summary: "Say what works on this machine, what does not, and the cure",
  usage: "[terminal]",
  flags: [
    { name: "egress", kind: "boolean", summary: "Say where anything could be sent to, as things are set" },
    { name: "json", kind: "boolean", summary: "As JSON" },
    HELP_FLAG,
    ...CONFIG_FLAGS,
  ],
  load: () => import("./verbs/doctor.ts"),
  inner: async () => [TERMINAL_VERB],
}

const TERMINAL_VERB: Verb = {
  name: "terminal",
  summary: "Test this terminal: drawing, keys, clipboard, colors, widths; with the cure for each",
  usage: "[--json]",
  flags: [{ name: "json", kind: "boolean", summary: "As JSON" }, HELP_FLAG],
  load: () => import("./verbs/doctor-terminal.ts"),
}
