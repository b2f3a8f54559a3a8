import { CONFIG_FLAGS, HELP_FLAG, PRINT_FLAGS, SESSION_FLAGS } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"

const JSON_FLAG: Flag = { name: "json", kind: "boolean", summary: "As JSON" }
const ALL_FLAGS: readonly Flag[] = [HELP_FLAG, ...CONFIG_FLAGS]

/** Of what is asked about: what a session here would be started with. */
const STANDING_FLAGS: readonly Flag[] = [
  ...PRINT_FLAGS.filter(({ name }) => name === "mode" || name === "profile"),
  ...SESSION_FLAGS.filter(({ name }) => ["sandbox", "no-sandbox", "permission-profile", "add-dir"].includes(name)),
]

export const PERMISSION_LIST_FLAGS: readonly Flag[] = [JSON_FLAG, ...STANDING_FLAGS, ...ALL_FLAGS]

export const ADD_FLAGS: readonly Flag[] = [
  {
    name: "scope",
    kind: "string",
    value: "scope",
    choices: ["user", "project"],
    summary: "user (everywhere) or project (this repository); user when left out",
  },
  { name: "expires", kind: "string", value: "when", summary: "After 2h, 7d, 2w, or at 2026-03-01T12:00" },
  { name: "reason", kind: "string", value: "text", summary: "Shown when the rule decides" },
  { name: "agent", kind: "string", value: "name", summary: "Only for this sub-agent" },
  JSON_FLAG,
  ...ALL_FLAGS,
]

export const REMOVE_FLAGS: readonly Flag[] = [JSON_FLAG, ...ALL_FLAGS]
export const IMPORT_RULES_FLAGS: readonly Flag[] = [
  { name: "dry-run", kind: "boolean", summary: "Only say which" },
  JSON_FLAG,
  ...ALL_FLAGS,
]

export const TEST_FLAGS: readonly Flag[] = [
  { name: "tool", kind: "string", value: "name", summary: "The tool; its input follows as JSON. bash when left out" },
  { name: "tainted", kind: "boolean", summary: "As in a turn that has read what is not to be trusted" },
  JSON_FLAG,
  ...STANDING_FLAGS,
  ...ALL_FLAGS,
]

export const SIMULATE_FLAGS: readonly Flag[] = [
  { name: "session", kind: "list", value: "id", summary: "Only this session's calls" },
  { name: "all", kind: "boolean", summary: "Sessions of every folder" },
  {
    name: "limit",
    short: "n",
    kind: "string",
    value: "n",
    summary: "At most so many sessions, newest first; 50 when left out",
  },
  JSON_FLAG,
  ...STANDING_FLAGS,
  ...ALL_FLAGS,
]

export const EXECPOLICY_CHECK_FLAGS: readonly Flag[] = [
  { name: "rules", short: "r", kind: "list", value: "file", summary: "A policy file; several are one policy" },
  { name: "pretty", kind: "boolean", summary: "Indented" },
  {
    name: "resolve-host-executables",
    kind: "boolean",
    summary: "An absolute program stands for its name where host_executable allows it",
  },
  HELP_FLAG,
]
