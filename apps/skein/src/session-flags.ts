import { CONFIG_FLAGS, HELP_FLAG, LOOK_FLAGS, PRINT_FLAGS, SESSION_FLAGS } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"

/** Which sessions are meant, where none is named. */
export const WHICH_FLAGS: readonly Flag[] = [
  { name: "last", kind: "boolean", summary: "This folder's newest session" },
  { name: "all", kind: "boolean", summary: "Sessions of every folder" },
  { name: "include-non-interactive", kind: "boolean", summary: "Those too that a program made: exec, an SDK" },
]

const JSON_FLAG: Flag = { name: "json", kind: "boolean", summary: "As JSON" }
const LIMIT_FLAG: Flag = { name: "limit", short: "n", kind: "string", value: "n", summary: "At most so many" }
const DRY_RUN_FLAG: Flag = { name: "dry-run", kind: "boolean", summary: "Only say what it would do" }
const YES_FLAG: Flag = { name: "yes", short: "y", kind: "boolean", summary: "Do it without asking" }

/** Verbs that take only words. */
export const CHANGE_FLAGS: readonly Flag[] = [HELP_FLAG, ...CONFIG_FLAGS]

/** Verbs that tell of one session. */
export const READ_FLAGS: readonly Flag[] = [...WHICH_FLAGS, JSON_FLAG, ...CHANGE_FLAGS]

/** What goes on with a session takes: what a new one takes, and which. */
export const GO_ON_FLAGS: readonly Flag[] = [
  ...WHICH_FLAGS,
  ...PRINT_FLAGS.filter(({ name }) => !["resume", "continue", "session-id", "fork-session"].includes(name)),
  ...LOOK_FLAGS,
  ...SESSION_FLAGS,
  ...CONFIG_FLAGS,
]

export const FORK_FLAGS: readonly Flag[] = [
  { name: "at", kind: "string", value: "turn", summary: "Through this turn: its number, label or id" },
  { name: "target-session-id", kind: "string", value: "id", summary: "The id of the fork" },
  ...GO_ON_FLAGS,
]

export const LIST_FLAGS: readonly Flag[] = [
  ...WHICH_FLAGS.filter(({ name }) => name !== "last"),
  { name: "archived", kind: "boolean", summary: "Archived ones too" },
  { name: "label", short: "l", kind: "string", value: "label", summary: "Those with this label" },
  { name: "topic", kind: "string", value: "topic", summary: "Those about this, as skein session topics found" },
  LIMIT_FLAG,
  JSON_FLAG,
  ...CHANGE_FLAGS,
]

export const LABEL_FLAGS: readonly Flag[] = [
  { name: "turn", kind: "string", value: "turn", summary: "Name this turn; without a name, take it away" },
  ...CHANGE_FLAGS,
]

export const NEW_FLAGS: readonly Flag[] = [
  { name: "label", short: "l", kind: "list", value: "label", summary: "A label of it" },
  {
    name: "visibility",
    kind: "string",
    value: "who",
    choices: ["private", "workspace", "group", "public"],
    summary: "Who may see it once it is shared",
  },
  ...SESSION_FLAGS.filter(({ name }) => name === "model"),
  ...CHANGE_FLAGS,
]

export const SEARCH_FLAGS: readonly Flag[] = [
  { name: "here", kind: "boolean", summary: "Only in this folder's sessions" },
  LIMIT_FLAG,
  JSON_FLAG,
  ...CHANGE_FLAGS,
]

export const PROMPTS_FLAGS: readonly Flag[] = [
  { name: "all", kind: "boolean", summary: "Those of every folder" },
  LIMIT_FLAG,
  JSON_FLAG,
  ...CHANGE_FLAGS,
]

export const DELETE_FLAGS: readonly Flag[] = [{ ...YES_FLAG, aliases: ["force"] }, ...CHANGE_FLAGS]

/** Which session's files are meant. */
const FILES_OF: readonly Flag[] = [
  { name: "session", kind: "string", value: "id", summary: "The session; this folder's newest when left out" },
  { name: "last", kind: "boolean", summary: "The same as leaving out --session" },
  { name: "all", kind: "boolean", summary: "The newest of every folder" },
]

const SCOPE_FLAG: Flag = {
  name: "scope",
  kind: "string",
  value: "what",
  choices: ["code", "chat", "both"],
  summary: "The files, the conversation, or both",
}

const HOW: readonly Flag[] = [
  {
    name: "on-conflict",
    kind: "string",
    value: "how",
    choices: ["refuse", "skip", "merge", "overwrite"],
    summary: "Files that something else changed since: do nothing at all, leave, merge or overwrite them",
  },
  DRY_RUN_FLAG,
  { ...YES_FLAG, aliases: ["force"] },
]

const WHERE: readonly Flag[] = [
  { name: "to", kind: "string", value: "turn", summary: "As it was before this turn: its number, label or id" },
  { name: "after", kind: "string", value: "turn", summary: "As it was at the end of this turn" },
]

export const UNDO_FLAGS: readonly Flag[] = [...FILES_OF, SCOPE_FLAG, ...HOW, JSON_FLAG, ...CHANGE_FLAGS]
export const CHECKPOINT_FLAGS: readonly Flag[] = [...FILES_OF, JSON_FLAG, ...CHANGE_FLAGS]
export const DIFF_FLAGS: readonly Flag[] = [...FILES_OF, ...WHERE, JSON_FLAG, ...CHANGE_FLAGS]
export const RESTORE_FLAGS: readonly Flag[] = [...FILES_OF, ...WHERE, SCOPE_FLAG, ...HOW, JSON_FLAG, ...CHANGE_FLAGS]
export const REWIND_FLAGS: readonly Flag[] = [...WHICH_FLAGS, ...WHERE, SCOPE_FLAG, ...HOW, JSON_FLAG, ...CHANGE_FLAGS]

export const COMPACT_FLAGS: readonly Flag[] = [
  ...WHICH_FLAGS,
  { name: "dry-run", kind: "boolean", summary: "Only say what would be kept and dropped" },
  JSON_FLAG,
  ...SESSION_FLAGS.filter(({ name }) => ["record", "replay", "api-key-file"].includes(name)),
  ...CHANGE_FLAGS,
]

export const LOG_FLAGS: readonly Flag[] = [
  { name: "turn", kind: "string", value: "turn", summary: "Only this turn: its number, label or id" },
  { name: "no-diff", kind: "boolean", summary: "Without the diffs" },
  ...READ_FLAGS,
]

export const REPLAY_FLAGS: readonly Flag[] = [
  { name: "speed", kind: "string", value: "factor", summary: "With its pauses: 1 as it was, 10 ten times as fast" },
  ...WHICH_FLAGS,
  ...CHANGE_FLAGS,
]

export const STATS_FLAGS: readonly Flag[] = [
  { name: "session", kind: "string", value: "id", summary: "Of this session, turn by turn" },
  { name: "last", kind: "boolean", summary: "Of this folder's newest session" },
  { name: "since", kind: "string", value: "span", summary: "Since then: 7d, 12h, 2w, or a day as 2026-03-01" },
  JSON_FLAG,
  ...CHANGE_FLAGS,
]

export const EGRESS_FLAGS: readonly Flag[] = [
  { name: "session", kind: "string", value: "id", summary: "Only what this session sent" },
  { name: "last", kind: "boolean", summary: "Only what this folder's newest session sent" },
  { name: "since", kind: "string", value: "span", summary: "Since then: 7d, 12h, 2w, or a day as 2026-03-01" },
  JSON_FLAG,
  ...CHANGE_FLAGS,
]

const OUTPUT_FLAG: Flag = {
  name: "output",
  short: "o",
  kind: "string",
  value: "file",
  summary: "Write it to this file",
}
const EMAILS_FLAG: Flag = { name: "emails", kind: "boolean", summary: "Take e-mail addresses out too" }

export const MARKDOWN_FLAGS: readonly Flag[] = [
  OUTPUT_FLAG,
  { name: "redact", kind: "boolean", summary: "Take out what looks like a secret, and say what" },
  EMAILS_FLAG,
  ...WHICH_FLAGS,
  ...CHANGE_FLAGS,
]

export const EXPORT_FLAGS: readonly Flag[] = [
  {
    name: "format",
    short: "f",
    kind: "string",
    value: "format",
    choices: ["markdown", "md", "json", "html", "script", "records"],
    summary: "markdown, json, html (one page), script (bash that does it again), records (without content)",
  },
  ...MARKDOWN_FLAGS,
]

export const SHARE_FLAGS: readonly Flag[] = [
  { ...OUTPUT_FLAG, summary: "Write it to this file; the id with .html when left out" },
  { name: "link", kind: "boolean", summary: "Not available in this version" },
  EMAILS_FLAG,
  ...WHICH_FLAGS,
  ...CHANGE_FLAGS,
]

export const IMPORT_FLAGS: readonly Flag[] = [
  {
    name: "from",
    kind: "string",
    value: "program",
    choices: ["codex", "claude", "opencode", "pi"],
    summary: "Only sessions of this program",
  },
  { name: "all", kind: "boolean", summary: "Sessions of every folder" },
  { name: "dry-run", kind: "boolean", summary: "Only say which" },
  JSON_FLAG,
  ...CHANGE_FLAGS,
]

export const REPORT_FLAGS: readonly Flag[] = [JSON_FLAG, ...CHANGE_FLAGS]

export const BENCHMARK_FLAGS: readonly Flag[] = [
  { name: "rounds", kind: "string", value: "n", summary: "How often; 5 when left out" },
  ...READ_FLAGS,
]

const ARTIFACT_FLAG: Flag = {
  name: "artifact-id",
  kind: "string",
  value: "id",
  summary: "Its name; else where the log ends",
}

export const SEED_FLAGS: readonly Flag[] = [ARTIFACT_FLAG, ...READ_FLAGS]

export const SUMMARY_FLAGS: readonly Flag[] = [
  { name: "from-session", kind: "boolean", summary: "Made of the session by rule; so when nothing is said" },
  { name: "from-model", kind: "boolean", summary: "Written by the model: the session is compacted first" },
  { name: "summary-file", kind: "string", value: "file", summary: "The text of this file" },
  ...SEED_FLAGS,
]

export const PRUNE_FLAGS: readonly Flag[] = [
  { name: "keep-latest-per-kind", kind: "string", value: "n", summary: "How many of each kind stay; 1 when left out" },
  { name: "apply", kind: "boolean", summary: "Remove them; without it, only say which" },
  ...READ_FLAGS,
]

export const FIXTURE_FLAGS: readonly Flag[] = [
  { name: "events", kind: "string", value: "n", summary: "How many; 1000 when left out" },
  { name: "seed", kind: "string", value: "n", summary: "The same number gives the same bytes; 1 when left out" },
  ...CHANGE_FLAGS,
]
