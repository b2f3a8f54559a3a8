import type { InputPart, Usage } from "@skein/protocol"
import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import type { Beat } from "../beat.ts"
import { contentOf, textOf } from "../files/content.ts"
import { type Rec, recordsOf } from "../files/records.ts"
import type { FoundSession } from "../format.ts"
import type { Ledger } from "../ledger.ts"
import { clockOf } from "../time.ts"
import { chainOf } from "./chain.ts"

/** A log of Claude Code as beats: the chain of its newest line, in the order in which it was written. */
export async function* claudeBeats(found: FoundSession, ledger: Ledger, bytesMax: number): AsyncGenerator<Beat> {
  const chain = await chainOf(found.path, bytesMax)
  const clock = clockOf(found.at)
  /** Of the newest boundary; its summary is the line after it. */
  let tokensBefore = 0
  for await (const record of recordsOf(found.path, ledger, { bytesMax })) {
    const { line, json } = record
    if (asText(json.uuid) === undefined) {
      yield* aside(record, clock(json.timestamp), ledger)
    } else if (chain.has(line)) {
      tokensBefore = asNumber(asObject(json.compactMetadata)?.preTokens) ?? tokensBefore
      for (const beat of entry(record, clock(json.timestamp), ledger)) {
        yield beat.kind === "compacted" ? { ...beat, tokensBefore } : beat
      }
    } else {
      ledger.lose(json.isSidechain === true && !chain.isSidechain ? "sidechain" : "other_branch", line)
    }
  }
}

/** Kinds of lines that hold nothing of the conversation. */
const BESIDE: ReadonlySet<unknown> = new Set([
  "file-history-snapshot",
  "queue-operation",
  "progress",
  "last-prompt",
  "mode",
  "permission-mode",
  "agent-name",
  "agent-color",
  "agent-setting",
  "tag",
  "pr-link",
  "attribution-snapshot",
])

/** A line about the session. */
function* aside({ line, json }: Rec, at: number, ledger: Ledger): Generator<Beat> {
  const title = asText(json.customTitle) ?? asText(json.aiTitle) ?? asText(json.summary)
  if (title !== undefined) yield { kind: "named", at, title }
  else if (!BESIDE.has(json.type)) ledger.lose("unknown_type", line, asText(json.type) ?? "none")
}

function* entry({ line, json }: Rec, at: number, ledger: Ledger): Generator<Beat> {
  const message = asObject(json.message) ?? {}
  if (json.type === "assistant") return yield* assistant(json, message, { at, line }, ledger)
  if (json.type === "user") return yield* user(json, message, { at, line }, ledger)
  if (json.type === "system") return yield* system(json, { at, line }, ledger)
  if (json.type === "attachment") return ledger.lose("placed_context", line)
  if (!BESIDE.has(json.type)) ledger.lose("unknown_type", line, asText(json.type) ?? "none")
}

interface Place {
  readonly at: number
  readonly line: number
}

function* assistant(json: Json, message: Json, { at, line }: Place, ledger: Ledger): Generator<Beat> {
  if (json.isApiErrorMessage === true || message.model === "<synthetic>") {
    const text = textOf(contentOf(message.content, ledger, line))
    if (text === "" || text === "No response requested.") return
    return yield { kind: "noted", at, level: "error", text }
  }
  const model = asText(message.model)
  if (model !== undefined) yield { kind: "modelled", at, model: `anthropic/${model}` }
  const reply = asText(message.id)
  for (const block of blocksOf(message.content)) yield* answered(block, { at, line }, reply, ledger)
  const usage = asObject(message.usage)
  if (usage !== undefined) yield { kind: "spent", at, usage: usageOf(usage) }
}

function* answered(block: Json, { at, line }: Place, reply: string | undefined, ledger: Ledger): Generator<Beat> {
  const text = asText(block.text) ?? ""
  const thought = asText(block.thinking) ?? ""
  switch (block.type) {
    case "text":
      if (text !== "") yield { kind: "answered", at, text, reply }
      return
    case "thinking":
      if (thought === "") return ledger.lose("opaque_reasoning", line)
      if (asText(block.signature)) ledger.lose("signature", line)
      return yield { kind: "thought", at, text: thought, reply }
    case "redacted_thinking":
      return ledger.lose("opaque_reasoning", line)
    case "tool_use":
    case "server_tool_use":
      return yield {
        kind: "called",
        at,
        id: asText(block.id) ?? `line-${line}`,
        name: asText(block.name) ?? "unknown",
        input: asObject(block.input) ?? {},
        reply,
      }
    default:
      if (asText(block.tool_use_id) !== undefined) return yield settled(block, {}, { at, line }, ledger)
      ledger.lose("unknown_type", line, asText(block.type) ?? "none")
  }
}

/** Lines in the person's role that are about the program, not for the model to act on. */
const SLASH =
  /^\s*<(command-name|command-message|local-command-stdout|local-command-stderr|local-command-caveat|bash-input|bash-stdout)>/
const INTERRUPTED = /^\[Request interrupted by user/

function* user(json: Json, message: Json, place: Place, ledger: Ledger): Generator<Beat> {
  const { at, line } = place
  const blocks = blocksOf(message.content)
  for (const block of blocks) if (block.type === "tool_result") yield settled(block, json, place, ledger)
  const rest = blocks.filter(({ type }) => type !== "tool_result")
  if (rest.length === 0) return
  const input = contentOf(rest, ledger, line).filter((part) => part.type !== "text" || part.text.trim() !== "")
  const text = textOf(input)
  if (json.isCompactSummary === true) return yield { kind: "compacted", at, summary: text, tokensBefore: 0 }
  if (INTERRUPTED.test(text)) return yield { kind: "ended", at, end: { kind: "interrupted" } }
  if (SLASH.test(text)) return ledger.lose("slash_command", line)
  if (json.isMeta === true) return ledger.lose("placed_context", line)
  if (input.length > 0) yield { kind: "said", at, input }
}

function settled(block: Json, json: Json, { at, line }: Place, ledger: Ledger): Beat {
  const result = asObject(json.toolUseResult)
  const content: InputPart[] = contentOf(block.content ?? "", ledger, line)
  const isRefused = block.is_error === true && /^The user doesn't want to/.test(textOf(content))
  return {
    kind: "settled",
    at,
    id: asText(block.tool_use_id) ?? "",
    outcome: isRefused || result?.interrupted === true ? "cancelled" : block.is_error === true ? "error" : "success",
    content,
    durationMs: asNumber(result?.durationMs),
    exitCode: exitCodeOf(block, textOf(content)),
    line,
  }
}

/** A failed command's result begins with its exit code; that of another tells none. */
function exitCodeOf(block: Json, text: string): number | undefined {
  const code = block.is_error === true ? /^Exit code (\d+)/.exec(text)?.[1] : undefined
  return code === undefined ? undefined : Number(code)
}

function* system(json: Json, { at, line }: Place, ledger: Ledger): Generator<Beat> {
  const text = asText(json.content) ?? ""
  switch (json.subtype) {
    case "compact_boundary":
    case "microcompact_boundary":
      // The summary is the line after it.
      return
    case "local_command":
      return ledger.lose("slash_command", line)
    case "api_error":
      return yield { kind: "noted", at, level: "warning", text: text || "The provider refused a request." }
    case "turn_duration":
    case "stop_hook_summary":
    case "away_summary":
      return
    default:
      if (text !== "") yield { kind: "noted", at, level: json.level === "error" ? "error" : "info", text }
  }
}

function blocksOf(content: unknown): readonly Json[] {
  const text = asText(content)
  if (text !== undefined) return [{ type: "text", text }]
  return asList(content).map((block) => asObject(block) ?? {})
}

function usageOf(usage: Json): Usage {
  return {
    input: asNumber(usage.input_tokens) ?? 0,
    cacheRead: asNumber(usage.cache_read_input_tokens) ?? 0,
    cacheWrite: asNumber(usage.cache_creation_input_tokens) ?? 0,
    output: asNumber(usage.output_tokens) ?? 0,
    reasoning: 0,
  }
}
