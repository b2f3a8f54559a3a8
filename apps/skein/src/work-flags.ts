import { CONFIG_FLAGS, HELP_FLAG, SESSION_FLAGS } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"

/** What is to be reviewed. */
export const REVIEW_FLAGS: readonly Flag[] = [
  { name: "uncommitted", kind: "boolean", summary: "Review what is staged, unstaged and untracked" },
  { name: "base", kind: "string", value: "branch", summary: "Review what differs from where this left a branch" },
  { name: "commit", kind: "string", value: "sha", summary: "Review one commit" },
  { name: "title", kind: "string", value: "text", summary: "With --commit: what it is called" },
  { name: "pr", kind: "string", value: "number", summary: "Review a pull request, fetched by gh or glab" },
]

const ASKING = [
  "model",
  "effort",
  "max-tool-rounds",
  "max-tokens",
  "max-budget-usd",
  "api-key-file",
  "record",
  "replay",
]

/** What a verb takes that has a model do one thing, in a session or without. */
export const ASKING_FLAGS: readonly Flag[] = [
  ...SESSION_FLAGS.filter(({ name }) => ASKING.includes(name)),
  HELP_FLAG,
  ...CONFIG_FLAGS,
]

export const REVIEW_VERB_FLAGS: readonly Flag[] = [
  ...REVIEW_FLAGS,
  {
    name: "fail-on",
    kind: "string",
    value: "priority",
    choices: ["P0", "P1", "P2", "P3"],
    summary: "Exit with 1 when something this bad or worse was found",
  },
  { name: "json", kind: "boolean", summary: "The report as JSON" },
  ...SESSION_FLAGS.filter(({ name }) => ["output-last-message", "ephemeral", "add-dir", "trust"].includes(name)),
  ...ASKING_FLAGS,
]

export const APPLY_FLAGS: readonly Flag[] = [
  { name: "patch-file", kind: "string", value: "file", summary: "A unified diff" },
  { name: "dry-run", kind: "boolean", summary: "Only say what it would change, and whether it fits" },
  { name: "cd", short: "C", kind: "string", value: "dir", summary: "Work in this folder" },
  HELP_FLAG,
]

const YES: Flag = { name: "yes", short: "y", kind: "boolean", summary: "Do it without asking" }
const DRY: Flag = { name: "dry-run", kind: "boolean", summary: "Only show it" }

export const COMMIT_FLAGS: readonly Flag[] = [
  { name: "all", short: "a", kind: "boolean", summary: "Commit every change of known files, not what is staged" },
  { name: "no-verify", short: "n", kind: "boolean", summary: "Without the repository's hooks" },
  ...[DRY, YES],
  ...ASKING_FLAGS,
]

export const PR_FLAGS: readonly Flag[] = [
  {
    name: "base",
    kind: "string",
    value: "branch",
    summary: "What it goes into; the remote's own branch when left out",
  },
  { name: "title", kind: "string", value: "text", summary: "Its title, instead of a model's" },
  { name: "body", kind: "string", value: "text", summary: "Its text, instead of a model's" },
  ...[DRY, YES],
  ...ASKING_FLAGS,
]

export const PR_CREATE_FLAGS: readonly Flag[] = [
  { name: "draft", kind: "boolean", summary: "Not to be taken over yet" },
  ...PR_FLAGS,
]

export const GIT_FLAGS: readonly Flag[] = [DRY, YES, ...ASKING_FLAGS]
