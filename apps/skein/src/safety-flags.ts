import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"

const JSON_FLAG: Flag = { name: "json", kind: "boolean", summary: "As JSON" }
export const TRUST_FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS]

export const AUDIT_FLAGS: readonly Flag[] = [
  {
    name: "actor",
    kind: "string",
    value: "who",
    choices: ["model", "person", "policy", "hook", "skein"],
    summary: "Of this actor: model, person, policy, hook, skein",
  },
  {
    name: "action",
    kind: "string",
    value: "what",
    summary: "Of this action, or of all that begin so: call, call.start",
  },
  {
    name: "resource",
    kind: "list",
    value: "name",
    summary: "About this file, command or host: names are not kept, so it has to be exact",
  },
  { name: "decision", kind: "string", value: "word", choices: ["allow", "ask", "deny"], summary: "With this decision" },
  { name: "since", kind: "string", value: "span", summary: "Since then: 2h, 7d, or a day as 2026-03-01" },
  { name: "until", kind: "string", value: "span", summary: "Until then, in the same way" },
  { name: "session", kind: "string", value: "id", summary: "Of this session" },
  { name: "limit", short: "n", kind: "string", value: "n", summary: "The newest so many; 100 when left out" },
  ...TRUST_FLAGS,
]

export const VERIFY_FLAGS: readonly Flag[] = [
  {
    name: "head",
    kind: "string",
    value: "sum",
    summary: "It must hold the line with this sum, which was noted before",
  },
  {
    name: "after",
    kind: "string",
    value: "sum",
    summary: "It must go on from this one: the last of what was moved away",
  },
  ...TRUST_FLAGS,
]

export const YES_FLAG: Flag = { name: "yes", short: "y", kind: "boolean", summary: "Do it without asking" }
