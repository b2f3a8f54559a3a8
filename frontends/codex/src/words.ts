import type { Effort, HostedFacts, InputPart, Mode, Sandbox, SessionId, Todo, Usage } from "@skein/protocol"
import { asObject, asText } from "@skein/protocol/json"

/** A session is a thread here, named by a plain UUID. */
export function threadIdOf(id: SessionId): string {
  return id.slice("ses_".length)
}

/** The same where `exec` tells it: a session that was made of a thread of Codex's own goes on under that thread's id. */
export function execThreadId(id: SessionId): string {
  return /^ses_codex-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-\d+)?$/.exec(id)?.[1] ?? threadIdOf(id)
}

export function sessionIdOf(threadId: string): SessionId {
  return threadId.startsWith("ses_") ? (threadId as SessionId) : `ses_${threadId}`
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

export const SANDBOX_MODES = ["read-only", "workspace-write", "danger-full-access"] as const
export type SandboxMode = (typeof SANDBOX_MODES)[number]

export function skeinSandbox(mode: string): Sandbox | undefined {
  if (mode === "danger-full-access") return "full-access"
  return mode === "read-only" || mode === "workspace-write" ? mode : undefined
}

export function codexSandbox(sandbox: Sandbox): SandboxMode {
  return sandbox === "full-access" ? "danger-full-access" : sandbox
}

/** Newer models know levels above ours; the highest we have stands for them. */
export function skeinEffort(effort: string): Effort | undefined {
  if (effort === "max" || effort === "ultra" || effort === "persistent") return "xhigh"
  return (["none", "minimal", "low", "medium", "high", "xhigh"] as const).find((word) => word === effort)
}

/**
 * A model as ours is written. A bare id belongs to the provider that was named, else to `openai`; a word of letters alone
 * may be one of our own short names (`sonnet`) and is left for them.
 */
export function skeinModel(name: string, provider: string | undefined): string {
  if (provider !== undefined) return `${skeinProvider(provider)}/${name}`
  return name.includes("/") || /^[a-z]+$/.test(name) ? name : `openai/${name}`
}

export function skeinProvider(id: string): string {
  return id === "amazon-bedrock" ? "bedrock" : id
}

/** `openai/gpt-5.5` is `gpt-5.5` of the provider `openai`. */
export function codexModel(model: string): { readonly provider: string; readonly model: string } {
  const slash = model.indexOf("/")
  return slash < 0 ? { provider: "openai", model } : { provider: model.slice(0, slash), model: model.slice(slash + 1) }
}

/** The list of what is to do, as `turn/plan/updated` has it. */
export function planSteps(todos: readonly Todo[]) {
  return todos.map(({ text, status }) => ({ step: text, status: status === "in_progress" ? "inProgress" : status }))
}

/** What a call of a tool is called. Tools without a row are told as those of a server called `skein`. */
export type CallWord = "command" | "file_change" | "tool"

export const TOOL_SERVER = "skein"

/** Whose tool it is, and what it is called there: a server's, as `mcp__files__read`, or one of our own. */
export function toolAddress(name: string): { readonly server: string; readonly tool: string } {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/.exec(name) ?? []
  return server === undefined || tool === undefined ? { server: TOOL_SERVER, tool: name } : { server, tool }
}

/** The servers that a client's own tools are brought as: one for each of its namespaces, and one for those without. */
export function clientServer(namespace: string | null): string {
  return namespace === null ? CLIENT_SERVER : `${CLIENT_SERVER}-${namespace}`
}

/** The namespace of a client's own tools, null for none; undefined for a server that is none of them. */
export function clientNamespace(server: string): string | null | undefined {
  if (server === CLIENT_SERVER) return null
  return server.startsWith(`${CLIENT_SERVER}-`) ? server.slice(CLIENT_SERVER.length + 1) : undefined
}

const CLIENT_SERVER = "codex-client"

const CALLS: Readonly<Record<string, CallWord>> = {
  bash: "command",
  write: "file_change",
  edit: "file_change",
  multiedit: "file_change",
  apply_patch: "file_change",
  advanced_edit: "file_change",
  confirm_edit: "file_change",
  confirm_multiedit: "file_change",
  notebook_edit: "file_change",
}

export function callWord(tool: string): CallWord {
  return CALLS[tool] ?? "tool"
}

/** Tools whose doing is an item of its own: the list of what is to do, and a sub-agent. */
export function isToldBeside(tool: string): boolean {
  return tool === "todo_write" || tool === "task"
}

/** A command as it would be typed: clients know it by its shell. */
export function commandLine(input: unknown): string {
  return `/bin/bash -lc ${shellQuoted(commandOf(input))}`
}

export function commandOf(input: unknown): string {
  return asText(asObject(input)?.command) ?? ""
}

function shellQuoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'"'"'`)}'`
}

/** Codes of calls that were refused before they ran. */
export function isDeclined(code: string | undefined): boolean {
  return code === "call.denied" || code === "call.unattended"
}

/** Token counts of a whole thread. What came from the cache is part of the input here. */
export interface ExecUsage {
  readonly input_tokens: number
  readonly cached_input_tokens: number
  readonly cache_write_input_tokens: number
  readonly output_tokens: number
  readonly reasoning_output_tokens: number
}

export function execUsage({ input, cacheRead, cacheWrite, output, reasoning }: Usage): ExecUsage {
  return {
    input_tokens: input + cacheRead + cacheWrite,
    cached_input_tokens: cacheRead,
    cache_write_input_tokens: cacheWrite,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
  }
}

/** A tool's result as MCP has it. */
export function mcpContent(parts: readonly InputPart[]): readonly unknown[] {
  return parts.map((part) =>
    part.type === "text"
      ? { type: "text", text: part.text }
      : { type: "image", data: part.data, mimeType: part.mediaType },
  )
}

export function textOf(parts: readonly InputPart[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
}

/** How often a stream is taken up again, as these clients are told: `Reconnecting... 1/5`. They read no count beyond the fifth. */
export function reconnecting(attempt: number, message: string): string {
  return `Reconnecting... ${Math.min(attempt, RECONNECTS)}/${RECONNECTS} (${message})`
}

const RECONNECTS = 5

/** Approval policies of app-server. `granular` asks what `on-request` asks when it lets the sandbox be asked about. */
export const POLICIES = ["untrusted", "on-request", "on-failure", "never"] as const
export type Policy = (typeof POLICIES)[number]

/** `never` runs what the sandbox holds and refuses the rest, because nobody is attached to answer. */
export function modeFor(policy: Policy, sandbox: Sandbox): Mode {
  if (policy === "untrusted") return "ask"
  return sandbox === "full-access" ? "full" : "auto"
}

export function policyFor(mode: Mode): Policy {
  if (mode === "ask" || mode === "accept-edits") return "untrusted"
  return mode === "full" ? "never" : "on-request"
}

/** A model as app-server clients pick and show it: bare for `openai`, else with its provider. */
export function modelName(model: string): string {
  return model.startsWith("openai/") ? model.slice("openai/".length) : model
}

const HOOK_EVENTS: ReadonlySet<string> = new Set(
  (
    "preToolUse permissionRequest postToolUse preCompact postCompact sessionStart sessionEnd userPromptSubmit " +
    "subagentStart subagentStop stop interrupt"
  ).split(" "),
)

/** The name of a hook's point; undefined for one that these clients do not know. */
export function hookEvent(event: string): string | undefined {
  const name = `${event.slice(0, 1).toLowerCase()}${event.slice(1)}`
  return HOOK_EVENTS.has(name) ? name : undefined
}

/** Ids of turns, items and calls without their prefix. */
export function plainId(id: string): string {
  return id.slice(id.indexOf("_") + 1)
}

/** What an error of a turn is called. */
export function errorInfo(code: string): unknown {
  const words: Readonly<Record<string, unknown>> = {
    "provider.auth": "unauthorized",
    "provider.token_expired": "unauthorized",
    "login.expired": "unauthorized",
    "login.refused": "unauthorized",
    "model.no_key": "unauthorized",
    "model.unknown": "modelNotFound",
    "provider.quota": "usageLimitExceeded",
    "provider.usage_limit": "usageLimitExceeded",
    "provider.rate_limited": "rateLimitExceeded",
    "provider.overloaded": "serverOverloaded",
    "provider.context_exceeded": "contextWindowExceeded",
    "provider.invalid_request": "badRequest",
    "provider.unavailable": { httpConnectionFailed: { httpStatusCode: null } },
    "provider.not_running": { httpConnectionFailed: { httpStatusCode: null } },
    "provider.stream_cut": { responseStreamDisconnected: { httpStatusCode: null } },
    "provider.idle": { responseStreamDisconnected: { httpStatusCode: null } },
    "sandbox.unavailable": "sandboxError",
    "internal.defect": "internalServerError",
  }
  return words[code] ?? "other"
}

/** What a search of the provider did, in the words of `exec --json` or of the app server, which writes them as one word. */
export type WebSearchAction = {
  readonly type: string
  readonly query?: string
  readonly url?: string
  readonly pattern?: string
}

/** `query` says in a line what was looked for or read. */
export function webSearch({ action }: Pick<HostedFacts, "action">, edge: "exec" | "server") {
  const { kind, query = "", url = "" } = action
  const type = edge === "exec" ? kind : kind.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  if (kind === "open_page") return { query: url, action: { type, url } }
  if (kind === "find_in_page") return { query: `'${query}' in ${url}`, action: { type, url, pattern: query } }
  return { query, action: kind === "search" ? { type, query } : { type } }
}
