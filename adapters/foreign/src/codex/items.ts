import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import type { Beat } from "../beat.ts"
import { contentOf, textOf } from "../files/content.ts"
import { objectOf } from "../files/json.ts"
import type { Ledger } from "../ledger.ts"
import { isPersons } from "./lines.ts"
import { outputOf } from "./outputs.ts"

/** One item of the Responses API, as it was sent or received. */
export interface CodexItem {
  readonly at: number
  readonly line: number
  readonly payload: Json
  /** Whether the person has spoken in the turn under way. */
  readonly isSteer: boolean
}

export function beatsOfItem(item: CodexItem, ledger: Ledger): Beat[] {
  const { payload, line, at } = item
  const type = asText(payload.type) ?? "unknown"
  switch (type) {
    case "message":
      return message(item, ledger)
    case "reasoning":
      return reasoning(item, ledger)
    case "compaction":
    case "compaction_summary":
      // What stands before it stays in view; `compacted` tells of it.
      return []
    case "web_search_call":
    case "image_generation_call": {
      // The provider ran these itself; what came of them is in its answer alone.
      const id = asText(payload.id) ?? `hosted-${line}`
      const name = type.replace(/_call$/, "")
      const content = [{ type: "text", text: "The provider did this itself; its result is not in the log." }] as const
      return [
        { kind: "called", at, id, name, input: asObject(payload.action) ?? {} },
        { kind: "settled", at, id, outcome: "success", content, line },
      ]
    }
    default:
      if (type.endsWith("_output")) return [settled(item, ledger)]
      if (type.endsWith("_call")) return [called(item, ledger)]
      ledger.lose("unknown_type", line, type)
      return []
  }
}

function message({ payload, line, at, isSteer }: CodexItem, ledger: Ledger): Beat[] {
  const content = contentOf(payload.content, ledger, line)
  if (payload.role === "assistant") {
    const text = textOf(content)
    return text === "" ? [] : [{ kind: "answered", at, text }]
  }
  if (payload.role !== "user") {
    ledger.lose("system_text", line)
    return []
  }
  if (!isPersons(payload, textOf(content))) {
    ledger.lose("placed_context", line)
    return []
  }
  return content.length === 0 ? [] : [{ kind: "said", at, input: content, isSteer }]
}

function reasoning({ payload, line, at }: CodexItem, ledger: Ledger): Beat[] {
  const blocks = [...asList(payload.summary), ...asList(payload.content)]
  const text = blocks.flatMap((block) => asText(asObject(block)?.text) ?? []).join("\n\n")
  if (text === "") ledger.lose("opaque_reasoning", line)
  else if (asText(payload.encrypted_content) !== undefined) ledger.lose("signature", line)
  return text === "" ? [] : [{ kind: "thought", at, text }]
}

function called({ payload, line, at }: CodexItem, ledger: Ledger): Beat {
  const id = asText(payload.call_id) ?? asText(payload.id) ?? `line-${line}`
  const action = asObject(payload.action)
  // A local shell call has no name: it is one.
  if (payload.type === "local_shell_call") return { kind: "called", at, id, name: "local_shell", input: action ?? {} }
  const name = asText(payload.name) ?? asText(payload.type)?.replace(/_call$/, "") ?? "unknown"
  if (payload.type === "custom_tool_call") {
    return { kind: "called", at, id, name, input: { input: asText(payload.input) ?? "" } }
  }
  const text = asText(payload.arguments)
  const input = text === undefined ? (asObject(payload.arguments) ?? action ?? {}) : objectOf(text || "{}")
  if (input !== undefined) return { kind: "called", at, id, name, input }
  ledger.lose("broken_arguments", line)
  return { kind: "called", at, id, name, inputText: text }
}

function settled({ payload, line, at }: CodexItem, ledger: Ledger): Beat {
  const { content, exitCode, durationMs, isError } = outputOf(payload, ledger, line)
  const id = asText(payload.call_id) ?? ""
  return { kind: "settled", at, id, outcome: isError ? "error" : "success", content, exitCode, durationMs, line }
}
