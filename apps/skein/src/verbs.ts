import { CONFIG_FLAGS, HELP_FLAG, PRINT_FLAGS, SESSION_FLAGS } from "./flag-sets.ts"
import type { Flag, Flags } from "./flags.ts"
import type { Io } from "./io.ts"

/** A verb's code: loaded when it is chosen, given streams, answering with an exit code. */
export type Run = (call: VerbCall) => Promise<number>

export interface VerbCall {
  readonly flags: Flags
  readonly words: readonly string[]
  readonly rest: readonly string[]
  readonly io: Io
  /** The words as given, for edges that read their own. */
  readonly argv: readonly string[]
}

export interface Verb {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  /** What follows the name: `[prompt]`. */
  readonly usage: string
  readonly flags: readonly Flag[]
  readonly load: () => Promise<{ readonly run: Run }>
}

/** The whole command line. Help, completion and parsing derive from it. */
export const VERBS: readonly Verb[] = [
  {
    name: "run",
    aliases: ["ask"],
    summary: "Answer one prompt and exit; the same as skein -p",
    usage: "[prompt]",
    flags: [...PRINT_FLAGS, ...SESSION_FLAGS, ...CONFIG_FLAGS],
    load: () => import("./verbs/print.ts"),
  },
  {
    name: "resume",
    summary: "Go on with a session",
    usage: "[id | --last] [prompt]",
    flags: [
      { name: "last", kind: "boolean", summary: "This folder's newest session" },
      { name: "all", kind: "boolean", summary: "Sessions of every folder" },
      ...PRINT_FLAGS.filter(({ name }) => name !== "resume" && name !== "continue"),
      ...SESSION_FLAGS,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/resume.ts"),
  },
  {
    name: "models",
    summary: "List the models that can be asked",
    usage: "[search]",
    flags: [{ name: "json", kind: "boolean", summary: "As JSON" }, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/models.ts"),
  },
  {
    name: "doctor",
    summary: "Say what works on this machine, what does not, and the cure",
    usage: "",
    flags: [{ name: "json", kind: "boolean", summary: "As JSON" }, HELP_FLAG, ...CONFIG_FLAGS],
    load: () => import("./verbs/doctor.ts"),
  },
  {
    name: "config",
    summary: "Show the settings and where each came from",
    usage: "show",
    flags: [
      { name: "origin", kind: "boolean", summary: "With the layer and file of each value" },
      { name: "show", kind: "boolean", summary: "The same as config show" },
      { name: "json", kind: "boolean", summary: "As JSON" },
      HELP_FLAG,
      ...CONFIG_FLAGS,
    ],
    load: () => import("./verbs/config.ts"),
  },
  {
    name: "demo",
    summary: "Watch it mend a small project: a replay, so it needs no key and no network",
    usage: "",
    flags: [
      { name: "fast", kind: "boolean", summary: "Without the pauses of the recording" },
      { name: "keep", kind: "boolean", summary: "Keep the project's copy afterwards" },
      { name: "no-sandbox", kind: "boolean", summary: "Run the project's test script unconfined" },
      HELP_FLAG,
    ],
    load: () => import("./verbs/demo.ts"),
  },
  {
    name: "completion",
    summary: "Print a shell's completion script",
    usage: "bash | zsh | fish",
    flags: [HELP_FLAG],
    load: () => import("./verbs/completion.ts"),
  },
  {
    name: "help",
    summary: "Show help for a verb, or for exit-codes",
    usage: "[verb | exit-codes]",
    flags: [HELP_FLAG],
    load: () => import("./verbs/help.ts"),
  },
  {
    name: "version",
    summary: "Print the version",
    usage: "",
    flags: [HELP_FLAG],
    load: () => import("./verbs/version.ts"),
  },
]

/** Verbs that are known and not here yet. Each is refused by name: a word like these is never taken for a prompt. */
export const COMING: readonly string[] = [
  "agents",
  "app",
  "apply",
  "approval",
  "archive",
  "audit",
  "auth",
  "autochat",
  "benchmark",
  "catalog",
  "chat",
  "cleanup",
  "cloud",
  "context",
  "daemon",
  "debug",
  "delete",
  "event-log",
  "exec-server",
  "execpolicy",
  "features",
  "fixture",
  "forage",
  "fork",
  "go",
  "goal",
  "index",
  "init",
  "login",
  "logout",
  "lsp",
  "mcp",
  "mcp-server",
  "memory",
  "metrics",
  "migrate",
  "mux",
  "native-session",
  "okr",
  "oracle",
  "parity",
  "permissions",
  "plugin",
  "policy",
  "pr",
  "profile",
  "ralph",
  "reference",
  "review",
  "rlm",
  "sandbox",
  "search",
  "serve",
  "session",
  "skill",
  "spawn",
  "stats",
  "swarm",
  "terminal-app",
  "threads",
  "tool",
  "tools",
  "tui",
  "unarchive",
  "update",
  "view",
  "worker",
  "worktree",
]
