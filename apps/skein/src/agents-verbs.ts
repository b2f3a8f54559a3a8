import { CONFIG_FLAGS, HELP_FLAG, JSON_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"
import type { Verb } from "./verb.ts"

const FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS]
const TRUST: Flag = { name: "trust", kind: "boolean", summary: "Trust this folder for this run: its own agents too" }

const MAKE_FLAGS: readonly Flag[] = [
  { name: "description", kind: "string", value: "text", summary: "What it is good for: models choose by this" },
  { name: "tools", kind: "string", value: "names", summary: "The only tools it has, with commas; all when not said" },
  { name: "model", kind: "string", value: "name", summary: "A model or a tier; its parent's when not said" },
  {
    name: "mode",
    kind: "string",
    value: "mode",
    summary: "plan, ask, accept-edits, auto or full; never more than its parent's",
  },
  { name: "project", kind: "boolean", summary: "Into .skein/agents of this project, not into your own settings" },
  HELP_FLAG,
]

const AGENTS_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the agents that can be called here, and what is wrong with their files",
    usage: "",
    flags: [TRUST, ...FLAGS],
    load: () => import("./verbs/agents.ts"),
  },
  {
    name: "show",
    summary: "Tell all of one agent: its model, mode, tools and instructions",
    usage: "<name>",
    flags: [TRUST, ...FLAGS],
    load: async () => ({ run: (await import("./verbs/agents.ts")).show }),
  },
  {
    name: "make",
    summary: "Write the file of a new agent, to be filled in",
    usage: "<name>",
    flags: MAKE_FLAGS,
    load: () => import("./verbs/agents-make.ts"),
  },
]

const YES: Flag = { name: "yes", kind: "boolean", summary: "Do it without asking" }

const WORKTREE_VERBS: readonly Verb[] = [
  {
    name: "list",
    aliases: ["ls"],
    summary: "List the worktrees of agents, of all repositories",
    usage: "",
    flags: FLAGS,
    load: () => import("./verbs/worktree.ts"),
  },
  {
    name: "diff",
    aliases: ["show"],
    summary: "What was changed in one",
    usage: "<id | branch>",
    flags: FLAGS,
    load: async () => ({ run: (await import("./verbs/worktree.ts")).diff }),
  },
  {
    name: "merge",
    summary: "Write what was changed in one into the tree it was made of; skein undo takes it back",
    usage: "<id | branch>",
    flags: [
      {
        name: "on-conflict",
        kind: "string",
        value: "what",
        choices: ["refuse", "skip", "mark"],
        summary: "Write nothing (when not said), leave those files out, or write both versions between marks",
      },
      YES,
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: async () => ({ run: (await import("./verbs/worktree.ts")).merge }),
  },
  {
    name: "remove",
    aliases: ["rm"],
    summary: "Take one away; what was not merged stays on its branch",
    usage: "<id | branch>",
    flags: [YES, ...FLAGS],
    load: async () => ({ run: (await import("./verbs/worktree.ts")).remove }),
  },
]

/** Who work is handed to, and the copies of repositories that they work on. */
export const AGENT_ROWS: readonly Verb[] = [
  {
    name: "agents",
    aliases: ["agent"],
    summary: "List, show and make agents that work can be handed to",
    usage: "[list | show | make]",
    flags: [TRUST, ...FLAGS],
    load: () => import("./verbs/agents.ts"),
    inner: async () => AGENTS_VERBS,
  },
  {
    name: "worktree",
    aliases: ["worktrees"],
    summary: "See, merge and remove what agents did in copies of a repository",
    usage: "[list | diff | merge | remove]",
    flags: FLAGS,
    load: () => import("./verbs/worktree.ts"),
    inner: async () => WORKTREE_VERBS,
  },
  {
    name: "cleanup",
    summary: "Remove worktrees whose skein has ended; what was not merged stays on its branch",
    usage: "",
    flags: [{ name: "dry-run", kind: "boolean", summary: "Only say what would be removed" }, ...FLAGS],
    load: () => import("./verbs/cleanup.ts"),
  },
]
