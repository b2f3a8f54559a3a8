import type { Effort, InputPart, Sandbox, SessionId, Usage } from "@skein/protocol"
import { asObject, asText } from "./fields.ts"

/** A session is a thread here, named by a plain UUID. */
export function threadIdOf(id: SessionId): string {
  return id.slice("ses_".length)
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
  if (effort === "max" || effort === "ultra") return "xhigh"
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

/** What a call of a tool is called. Tools without a row are told as those of a server called `skein`. */
export type CallWord = "command" | "file_change" | "tool"

export const TOOL_SERVER = "skein"

const CALLS: Readonly<Record<string, CallWord>> = {
  bash: "command",
  write: "file_change",
  edit: "file_change",
  multiedit: "file_change",
}

export function callWord(tool: string): CallWord {
  return CALLS[tool] ?? "tool"
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

/** How often a stream is taken up again, as these clients are told: `Reconnecting... 1/5`. */
export function reconnecting(attempt: number, message: string): string {
  return `Reconnecting... ${attempt}/${Math.max(attempt, RECONNECTS)} (${message})`
}

const RECONNECTS = 5
