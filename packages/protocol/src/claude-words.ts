import type { Mode } from "./choices.ts"
import type { SessionId } from "./ids.ts"
import { asList, asObject, type Json } from "./json.ts"

/** One word of two languages. */
interface Word {
  readonly skein: string
  readonly claude: string
}
/** An input key. `isPath`: the host sees it absolute, as the contract promises. */
interface KeyWord extends Word {
  readonly isPath?: true
  /** Values that are spelled differently. */
  readonly values?: readonly Word[]
  /** The value is a list of objects with keys of their own. */
  readonly entries?: readonly KeyWord[]
}
interface ToolWord {
  readonly skein: string
  readonly keys: readonly KeyWord[]
}

const FILE: KeyWord = { skein: "path", claude: "file_path", isPath: true }
const CHANGE: readonly KeyWord[] = [
  { skein: "oldText", claude: "old_string" },
  { skein: "newText", claude: "new_string" },
  { skein: "replaceAll", claude: "replace_all" },
]

/** Keys that are spelled alike on both sides need no row; tools without a row keep their own name and input. */
const TOOLS: readonly ToolWord[] = [
  { skein: "read", keys: [FILE] },
  { skein: "write", keys: [FILE] },
  { skein: "edit", keys: [FILE, ...CHANGE] },
  {
    skein: "multiedit",
    keys: [FILE, { skein: "edits", claude: "edits", entries: [FILE, ...CHANGE] }],
  },
  {
    skein: "notebook_edit",
    keys: [
      { skein: "path", claude: "notebook_path", isPath: true },
      { skein: "cell", claude: "cell_id" },
      { skein: "source", claude: "new_source" },
      { skein: "type", claude: "cell_type" },
      { skein: "mode", claude: "edit_mode" },
    ],
  },
  {
    skein: "bash",
    keys: [
      { skein: "timeoutMs", claude: "timeout" },
      { skein: "background", claude: "run_in_background" },
    ],
  },
  {
    skein: "grep",
    keys: [
      { skein: "mode", claude: "output_mode", values: [{ skein: "files", claude: "files_with_matches" }] },
      { skein: "ignoreCase", claude: "-i" },
      { skein: "context", claude: "-C" },
      { skein: "before", claude: "-B" },
      { skein: "after", claude: "-A" },
      { skein: "limit", claude: "head_limit" },
    ],
  },
  { skein: "websearch", keys: [{ skein: "domains", claude: "allowed_domains" }] },
  { skein: "list", keys: [{ skein: "path", claude: "path", isPath: true }] },
  {
    skein: "question",
    keys: [{ skein: "questions", claude: "questions", entries: [{ skein: "isMultiple", claude: "multiSelect" }] }],
  },
  {
    skein: "task",
    keys: [
      { skein: "agent", claude: "subagent_type", values: [{ skein: "general", claude: "general-purpose" }] },
      { skein: "background", claude: "run_in_background" },
    ],
  },
  { skein: "skill", keys: [{ skein: "name", claude: "skill" }] },
  {
    skein: "todo_write",
    keys: [{ skein: "todos", claude: "todos", entries: [{ skein: "text", claude: "content" }] }],
  },
]

const BY_SKEIN = new Map(TOOLS.map((tool) => [tool.skein, tool]))
/** A call's input as the host knows it. Paths become absolute from `cwd`. */
export function claudeInput(name: string, input: unknown, cwd: string): Json {
  const object = asObject(input)
  if (!object) return {}
  const keys = BY_SKEIN.get(name)?.keys ?? []
  return renamed(object, keys, "skein", "claude", (path) => absolute(path, cwd))
}

/** A host's input for one of our tools. `name` is ours. */
export function skeinInput(name: string, input: Json): Json {
  return renamed(input, BY_SKEIN.get(name)?.keys ?? [], "claude", "skein", (path) => path)
}

/** Without `.` and `..`. Protocol has no platform to ask for this. */
function absolute(path: string, cwd: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return `/${parts.join("/")}`
}

type Side = "skein" | "claude"

function renamed(input: Json, keys: readonly KeyWord[], from: Side, to: Side, path: (text: string) => string): Json {
  const entries = Object.entries(input).map(([key, value]): [string, unknown] => {
    const word = keys.find((candidate) => candidate[from] === key)
    if (!word) return [key, value]
    if (word.isPath && typeof value === "string") return [word[to], path(value)]
    const named = word.values?.find((candidate) => candidate[from] === value)
    if (named) return [word[to], named[to]]
    const inner = word.entries
    if (!inner || !Array.isArray(value)) return [word[to], value]
    return [word[to], asList(value).map((entry) => renamed(asObject(entry) ?? {}, inner, from, to, path))]
  })
  return Object.fromEntries(entries)
}

export const PERMISSION_MODES = ["default", "acceptEdits", "bypassPermissions", "plan", "dontAsk", "auto"] as const
export type PermissionMode = (typeof PERMISSION_MODES)[number]

export function isPermissionMode(text: string): text is PermissionMode {
  return PERMISSION_MODES.some((mode) => mode === text)
}

/** `dontAsk` refuses what would be asked: our `ask` with nobody attached to answer. */
const MODE_WORDS: Readonly<Record<PermissionMode, Mode>> = {
  default: "ask",
  acceptEdits: "accept-edits",
  bypassPermissions: "full",
  plan: "plan",
  dontAsk: "ask",
  auto: "auto",
}

export function skeinMode(mode: PermissionMode): Mode {
  return MODE_WORDS[mode]
}

export function claudeMode(mode: Mode): PermissionMode {
  return PERMISSION_MODES.find((word) => MODE_WORDS[word] === mode) ?? "default"
}

/** What an assistant line's `error` says of a failed request. */
export function claudeError(code: string): string {
  const words: Readonly<Record<string, string>> = {
    "provider.auth": "authentication_failed",
    "provider.token_expired": "authentication_failed",
    "login.expired": "authentication_failed",
    "login.refused": "authentication_failed",
    "model.no_key": "authentication_failed",
    "provider.quota": "billing_error",
    "provider.rate_limited": "rate_limit",
    "provider.usage_limit": "rate_limit",
    "provider.overloaded": "overloaded",
    "provider.invalid_request": "invalid_request",
    "provider.context_exceeded": "invalid_request",
    "model.unknown": "model_not_found",
    "provider.unavailable": "server_error",
    "provider.not_running": "server_error",
    "provider.stream_cut": "server_error",
    "provider.idle": "server_error",
  }
  return words[code] ?? "unknown"
}

/** What the contract calls a kind of sub-agent; those it does not know keep their name. */
export function claudeAgent(agent: string): string {
  return agent === "general" ? "general-purpose" : agent
}

/** Hosts name sessions by plain UUIDs. */
export function claudeSessionId(id: SessionId): string {
  return id.slice("ses_".length)
}

/** `anthropic/claude-x` is `claude-x` to a host; every other provider keeps its prefix. */
export function claudeModel(model: string): string {
  return model.startsWith("anthropic/") ? model.slice("anthropic/".length) : model
}
