import type { Flag } from "./flags.ts"
import { MCP_FLAGS } from "./mcp-flags.ts"

/** Names are data here and checked again where they are used: the table must not load the protocol's schemas. */
const MODES = ["plan", "ask", "accept-edits", "auto", "full"]
/** Modes as other programs call them; the configuration knows what they mean. */
const MODE_WORDS = [
  ...["normal", "autoedit", "auto-edit", "yolo", "bypass", "untrusted", "on-request", "on-failure", "never"],
  ...["danger-full-access", "read-only", "dont-ask", "bypass-permissions"],
]
const SANDBOXES = ["read-only", "workspace-write", "full-access", "danger-full-access", "danger"]
/** Tiers are called modes elsewhere; `auto` is a mode here. */
const TIER_WORDS = ["smart", "rush", "free", "deep"]
const TIERS = [...TIER_WORDS, "auto"]
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"]

export const HELP_FLAG: Flag = { name: "help", short: "h", kind: "boolean", summary: "Show this help" }

/** What every verb takes that reads the configuration. */
export const CONFIG_FLAGS: readonly Flag[] = [
  { name: "config", short: "c", kind: "list", value: "key=value", summary: "Override one setting for this run" },
  { name: "settings-file", kind: "string", value: "file", summary: "A TOML file laid over the user's settings" },
  { name: "ignore-user-config", kind: "boolean", summary: "Leave the user's settings file unread" },
  { name: "cd", short: "C", kind: "string", value: "dir", summary: "Work in this folder" },
  {
    name: "log-level",
    kind: "string",
    value: "level",
    choices: ["error", "warn", "info", "debug"],
    summary: "How much goes into the log file",
  },
  { name: "log-file", kind: "string", value: "file", summary: "Where skein's own log goes" },
]

/** What every verb takes that runs a session. */
export const SESSION_FLAGS: readonly Flag[] = [
  ...MCP_FLAGS,
  { name: "model", short: "m", kind: "string", value: "provider/model", summary: "The model to ask" },
  {
    name: "effort",
    kind: "string",
    value: "level",
    choices: EFFORTS,
    hostChoices: ["max"],
    summary: "How hard the model is to think",
  },
  {
    name: "output-style",
    kind: "string",
    value: "name",
    summary: "How the model answers: concise, explanatory, learning …",
  },
  {
    name: "verbosity",
    kind: "string",
    value: "level",
    choices: ["low", "medium", "high"],
    summary: "How much the model is to write",
  },
  { name: "search", kind: "boolean", summary: "Let the model's provider search the web as it is now" },
  {
    name: "tier",
    kind: "string",
    value: "name",
    choices: TIERS,
    summary: "A named choice of model: smart, rush, free, deep; auto: as each prompt needs",
  },
  {
    name: "sandbox",
    short: "s",
    kind: "string",
    value: "mode",
    choices: SANDBOXES,
    summary: "What commands may change: read-only, workspace-write, full-access",
  },
  { name: "no-sandbox", kind: "boolean", summary: "Run commands unconfined; for a machine you can lose" },
  { name: "dry-run", kind: "boolean", summary: "Work in a throw-away layer; at the end keep all of it or nothing" },
  {
    name: "permission-profile",
    kind: "string",
    value: "name",
    summary: "A named set of mode, sandbox, network and rules",
  },
  {
    name: "fallback-model",
    kind: "string",
    value: "provider/model",
    summary: "Asked for the rest of a turn when the model stays overloaded",
  },
  { name: "add-dir", kind: "list", value: "dir", summary: "Another folder to work in" },
  { name: "allow", kind: "list", value: "host", summary: "A host that commands may reach: host, *.host, host:port" },
  { name: "image", short: "i", kind: "list", value: "file", summary: "Show the model an image" },
  {
    name: "max-tool-rounds",
    aliases: ["max-steps", "max-turns"],
    kind: "string",
    value: "n",
    summary: "Stop after n steps",
  },
  { name: "max-tokens", kind: "string", value: "n", summary: "Stop when a turn would use more tokens" },
  { name: "max-budget-usd", kind: "string", value: "amount", summary: "Stop when a turn has cost this much" },
  { name: "api-key-file", kind: "string", value: "file", summary: "Read the model's key from this file" },
  { name: "output-schema", kind: "string", value: "file", summary: "The answer must be JSON of this schema" },
  {
    name: "output-last-message",
    short: "o",
    kind: "string",
    value: "file",
    summary: "Write the last message to a file too",
  },
  { name: "ephemeral", kind: "boolean", summary: "Keep nothing of this session" },
  { name: "record", kind: "string", value: "file", summary: "Record the provider's traffic to a cassette" },
  { name: "replay", kind: "string", value: "file", summary: "Answer from a cassette instead of a provider" },
  { name: "record-label", kind: "string", value: "text", summary: "What a recorded cassette says about itself" },
  { name: "yes", short: "y", kind: "boolean", aliases: ["approved"], summary: "Say yes to whatever is asked" },
  { name: "trust", kind: "boolean", summary: "Trust what is in the folder, for this run alone" },
  { name: "plugin-dir", kind: "list", value: "dir", summary: "Use the plugin in this folder, for this run alone" },
]

/** Where nobody sits there to be asked. */
export const ANSWERS_FLAG: Flag = {
  name: "answers",
  kind: "string",
  value: "file",
  summary: "Answer the model's questions from this JSON: header of a question → answer",
}

/** How the screen looks and calls, for this run. */
export const LOOK_FLAGS: readonly Flag[] = [
  { name: "no-alt-screen", kind: "boolean", summary: "Draw below the shell's lines; so when nothing is said" },
  { name: "full-screen", kind: "boolean", summary: "Draw on the whole screen" },
  { name: "screen-reader", kind: "boolean", summary: "Lines only: nothing moves the cursor" },
  { name: "theme", kind: "string", value: "name", summary: "How the screen looks" },
  { name: "vim", kind: "boolean", summary: "Edit the prompt as in vi" },
  { name: "notifications", kind: "boolean", summary: "Call you whenever it waits or is done, wherever you look" },
  { name: "no-notifications", kind: "boolean", summary: "Never call you" },
]

/** The plain front door: `skein`, `skein -p`, `skein run`. */
export const PRINT_FLAGS: readonly Flag[] = [
  { name: "print", short: "p", kind: "boolean", summary: "Answer and exit" },
  { name: "execute", short: "x", kind: "boolean", summary: "The same as --print" },
  {
    name: "output-format",
    kind: "string",
    value: "format",
    choices: ["text", "json", "stream-json", "events"],
    summary: "text, json (one object), stream-json (Claude Code's lines), events (skein's own)",
  },
  {
    name: "input-format",
    kind: "string",
    value: "format",
    choices: ["text", "stream-json"],
    summary: "stream-json: be driven over stdin by a Claude Code host",
  },
  {
    name: "mode",
    aliases: ["permission-mode"],
    kind: "string",
    value: "mode",
    choices: MODES,
    hostChoices: ["default", "acceptEdits", "bypassPermissions", "dontAsk"],
    otherWords: [...MODE_WORDS, ...TIER_WORDS, "default", "acceptEdits", "bypassPermissions", "dontAsk"],
    summary: "What may run without asking: plan, ask, accept-edits, auto, full",
  },
  { name: "json", kind: "boolean", summary: "The same as --output-format events" },
  { name: "continue", kind: "boolean", summary: "Go on with this folder's newest session" },
  { name: "resume", short: "r", kind: "string", value: "id", summary: "Go on with a session" },
  { name: "session-id", kind: "string", value: "id", summary: "The id of the new session" },
  { name: "fork-session", kind: "boolean", summary: "With --resume or --continue: go on in a fork of it" },
  { name: "profile", kind: "string", value: "name", summary: "A named set of settings" },
  { name: "help", short: "h", kind: "boolean", summary: "Show this help" },
]

/** Codex's `exec`: its flags beside those that every session has. */
export const EXEC_FLAGS: readonly Flag[] = [
  { name: "json", aliases: ["experimental-json"], kind: "boolean", summary: "One Codex-compatible event per line" },
  { name: "profile", short: "p", kind: "string", value: "name", summary: "A named set of settings" },
  { name: "skip-git-repo-check", kind: "boolean", summary: "Also run outside a git repository" },
  {
    name: "dangerously-bypass-approvals-and-sandbox",
    aliases: ["yolo"],
    kind: "boolean",
    summary: "No questions, no sandbox",
  },
  { name: "full-auto", kind: "boolean", summary: "The same as --sandbox workspace-write" },
  { name: "last", kind: "boolean", summary: "With resume or fork: the newest session of this folder" },
  { name: "all", kind: "boolean", summary: "With --last: of any folder" },
  { name: "color", kind: "string", value: "when", choices: ["always", "never", "auto"], summary: "Colour on stderr" },
  { name: "strict-config", kind: "boolean", summary: "Refuse -c with a key that nobody knows" },
  { name: "oss", kind: "boolean", summary: "Ask a model on this machine, through Ollama or another" },
  {
    name: "local-provider",
    kind: "string",
    value: "name",
    choices: ["ollama", "lmstudio", "llama.cpp"],
    summary: "With --oss: who serves it",
  },
  { name: "thread-source", kind: "string", value: "name", summary: "Who started this, kept with the session" },
  { name: "ignore-rules", kind: "boolean", summary: "Leave Codex's *.rules files unread" },
  { name: "enable", kind: "list", value: "feature", summary: "Switch a feature on; Codex's own are without effect" },
  { name: "disable", kind: "list", value: "feature", summary: "Switch a feature off" },
  {
    name: "cyber-access-program",
    kind: "string",
    value: "name",
    choices: ["standard", "daybreak_blue", "daybreak_red"],
    summary: "standard; the others are not available",
  },
  { name: "worktree", kind: "boolean", summary: "Not available in this version" },
  { name: "approve-for-me", kind: "boolean", summary: "Not available in this version" },
  {
    name: "dangerously-bypass-hook-trust",
    kind: "boolean",
    summary: "Run hooks of the folder that nobody looked at, in the sandbox, for this run",
  },
  { name: "help", short: "h", kind: "boolean", summary: "Show this help" },
]

/** What the client of a protocol brings itself: prompts, images, answers, and what becomes of the last message. */
const CLIENTS_OWN = ["image", "output-schema", "output-last-message", "yes"]

/** A program that is driven by an editor: how its sessions start. */
export const ACP_FLAGS: readonly Flag[] = [
  ...PRINT_FLAGS.filter(({ name }) => name === "mode" || name === "profile" || name === "help"),
  ...SESSION_FLAGS.filter(({ name }) => !CLIENTS_OWN.includes(name)),
]

export const JSON_FLAG: Flag = { name: "json", kind: "boolean", summary: "As JSON" }

/** Which models a list is to hold. */
export const MODEL_LIST_FLAGS: readonly Flag[] = [
  { name: "provider", kind: "string", value: "id", summary: "Only models of this provider" },
  { name: "ready", kind: "boolean", summary: "Only models that can be asked now" },
  ...[JSON_FLAG, HELP_FLAG, ...CONFIG_FLAGS],
]
