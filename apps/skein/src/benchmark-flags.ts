import { CONFIG_FLAGS, HELP_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"

export const BENCHMARK_FLAGS: readonly Flag[] = [
  {
    name: "model",
    short: "m",
    kind: "string",
    value: "p/m,p/m",
    summary: "The models to compare; the default one when none",
  },
  { name: "suite", kind: "string", value: "dir", summary: "A folder of tasks, in the place of those built in" },
  {
    name: "tier",
    kind: "string",
    value: "1|2|3",
    choices: ["1", "2", "3"],
    summary: "Only tasks that are so hard at most",
  },
  { name: "task", kind: "list", value: "name", summary: "Only this task" },
  { name: "repo", kind: "boolean", summary: "Tasks of this repository's past: commits that changed tests" },
  { name: "sessions", kind: "boolean", summary: "With --repo: first prompts of this folder's sessions" },
  { name: "since", kind: "string", value: "30d|date", summary: "With --repo: nothing older" },
  { name: "limit", kind: "string", value: "count", summary: "With --repo: so many tasks at most (10)" },
  {
    name: "check",
    kind: "string",
    value: "command",
    summary: "With --repo: whose exit code tells; else the first of checks",
  },
  { name: "parallel", kind: "string", value: "count", summary: "So many at once (1)" },
  { name: "max-steps", kind: "string", value: "count", summary: "Steps of one task at most (30)" },
  { name: "timeout", kind: "string", value: "seconds", summary: "Time for one task (300)" },
  {
    name: "cost-ceiling",
    kind: "string",
    value: "dollars",
    summary: "What all of it may cost; then nothing more begins",
  },
  { name: "output", short: "o", kind: "string", value: "file", summary: "Where the results go, as JSON" },
  {
    name: "submit-url",
    kind: "string",
    value: "url",
    summary: "Also send the results there, as JSON; without it nobody gets them",
  },
  { name: "list", kind: "boolean", summary: "Only say which tasks there are" },
  { name: "json", kind: "boolean", summary: "As JSON" },
  { name: "no-sandbox", kind: "boolean", summary: "Run commands unconfined" },
  HELP_FLAG,
  ...CONFIG_FLAGS,
]
