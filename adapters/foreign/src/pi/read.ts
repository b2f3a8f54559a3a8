import type { Usage } from "@skein/protocol"
import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import type { Beat } from "../beat.ts"
import { contentOf, textOf } from "../files/content.ts"
import { type Rec, recordsOf } from "../files/records.ts"
import type { FoundSession } from "../format.ts"
import type { Ledger } from "../ledger.ts"
import { clockOf } from "../time.ts"
import { branchOf } from "./branch.ts"

/** A log of pi as beats: the branch of its newest entry. */
export async function* piBeats(found: FoundSession, ledger: Ledger, bytesMax: number): AsyncGenerator<Beat> {
  const branch = await branchOf(found.path, bytesMax)
  const clock = clockOf(found.at)
  for await (const record of recordsOf(found.path, ledger, { bytesMax })) {
    const { line, json } = record
    const at = clock(json.timestamp)
    if (json.type === "session") continue
    // Titles are the session's, whatever branch they were given on.
    if (json.type === "session_info") yield* named(json, at)
    else if (!branch.has(line)) ledger.lose("other_branch", line)
    else {
      // What a compaction kept stands behind its summary.
      for (const summary of branch.summariesBefore(line)) yield { kind: "compacted", at, ...summary }
      yield* entry(record, at, ledger)
    }
  }
}

function* named(json: Json, at: number): Generator<Beat> {
  const title = asText(json.name)
  if (title !== undefined) yield { kind: "named", at, title }
}

function* entry({ line, json }: Rec, at: number, ledger: Ledger): Generator<Beat> {
  switch (json.type) {
    case "message":
      return yield* message(asObject(json.message) ?? {}, { at, line }, ledger)
    case "model_change":
      return yield { kind: "modelled", at, model: `${asText(json.provider)}/${asText(json.modelId)}` }
    case "branch_summary":
    case "custom_message": {
      const text = asText(json.summary) ?? textOf(contentOf(json.content, ledger, line))
      if (text !== "") yield { kind: "placed", at, source: asText(json.customType) ?? "branch_summary", text }
      return
    }
    case "compaction":
    case "thinking_level_change":
    case "label":
    case "custom":
    case "ephemeral":
      return
    default:
      ledger.lose("unknown_type", line, asText(json.type) ?? "none")
  }
}

interface Place {
  readonly at: number
  readonly line: number
}

function* message(message: Json, place: Place, ledger: Ledger): Generator<Beat> {
  const { at, line } = place
  switch (message.role) {
    case "user":
      return yield { kind: "said", at, input: contentOf(message.content, ledger, line) }
    case "assistant":
      return yield* assistant(message, place, ledger)
    case "toolResult":
      return yield {
        kind: "settled",
        at,
        id: asText(message.toolCallId) ?? "",
        outcome: message.isError === true ? "error" : "success",
        content: contentOf(message.content, ledger, line),
        line,
      }
    case "bashExecution": {
      // `!!` ran without telling the model.
      if (message.excludeFromContext === true) return ledger.lose("slash_command", line)
      const text = `The person ran \`${asText(message.command)}\` (exit ${message.exitCode ?? "unknown"}):\n${asText(message.output)}`
      return yield { kind: "placed", at, source: "shell", text }
    }
    case "custom":
    case "hookMessage": {
      const text = textOf(contentOf(message.content, ledger, line))
      if (text !== "") yield { kind: "placed", at, source: asText(message.customType) ?? "custom", text }
      return
    }
    default:
      ledger.lose("unknown_type", line, `message of ${asText(message.role)}`)
  }
}

function* assistant(message: Json, { at, line }: Place, ledger: Ledger): Generator<Beat> {
  const model = asText(message.model)
  if (model !== undefined) yield { kind: "modelled", at, model: `${asText(message.provider) ?? "unknown"}/${model}` }
  // Each message is one reply; the line tells them apart.
  const reply = `line-${line}`
  for (const entry of asList(message.content)) yield* answered(asObject(entry) ?? {}, { at, line }, reply, ledger)
  const usage = asObject(message.usage)
  const cost = asNumber(asObject(usage?.cost)?.total)
  if (usage !== undefined) {
    yield {
      kind: "spent",
      at,
      usage: usageOf(usage),
      ...(cost === undefined ? {} : { microUsd: Math.round(cost * 1e6) }),
    }
  }
  if (message.stopReason === "aborted") yield { kind: "ended", at, end: { kind: "interrupted" } }
  if (message.stopReason === "error") {
    const text = asText(message.errorMessage) ?? "The provider failed."
    yield { kind: "ended", at, end: { kind: "failed", message: text } }
  }
}

function* answered(block: Json, { at, line }: Place, reply: string, ledger: Ledger): Generator<Beat> {
  const text = asText(block.text) ?? asText(block.thinking) ?? ""
  switch (block.type) {
    case "text":
      if (text !== "") yield { kind: "answered", at, text, reply }
      return
    case "thinking":
      if (text === "") return ledger.lose("opaque_reasoning", line)
      if (asText(block.thinkingSignature)) ledger.lose("signature", line)
      return yield { kind: "thought", at, text, reply }
    case "toolCall": {
      const { id, name } = block
      const input = asObject(block.arguments) ?? {}
      return yield {
        kind: "called",
        at,
        id: asText(id) ?? `line-${line}`,
        name: asText(name) ?? "unknown",
        input,
        reply,
      }
    }
    default:
      ledger.lose("unknown_type", line, asText(block.type) ?? "none")
  }
}

function usageOf(usage: Json): Usage {
  return {
    input: asNumber(usage.input) ?? 0,
    cacheRead: asNumber(usage.cacheRead) ?? 0,
    cacheWrite: asNumber(usage.cacheWrite) ?? 0,
    output: asNumber(usage.output) ?? 0,
    reasoning: 0,
  }
}
