import type { ModelChunk, StopReason } from "@skein/core/ports"
import { anthropicSearches } from "./anthropic-search.ts"
import { cutOff } from "./cut.ts"
import { asNumber, asObject, asText, isWholeObject, type JsonObject, parseEvent } from "./json.ts"
import { tagged } from "./provider-data.ts"
import { refusalOf, refused } from "./refusals.ts"
import type { Decoder, Target } from "./wire.ts"

/** One content block while it streams. What is kept of it is what must go back. */
type Open =
  | { readonly kind: "text"; readonly citations: unknown[] }
  | { readonly kind: "search"; readonly block: JsonObject; text: string }
  | { readonly kind: "results" }
  | { readonly kind: "thinking"; text: string; signature: string }
  | { readonly kind: "redacted"; readonly data: string }
  | { readonly kind: "call"; text: string; readonly whole: JsonObject | undefined }

/** Reads one reply of the Messages API. */
export function anthropicReply(target: Target): Decoder {
  const open = new Map<number, Open>()
  /** A call whose block ended. A reply cut off by its length ends the block too, so the stop reason is awaited. */
  let ended: { readonly index: number; readonly text: string; readonly argumentsText: string | undefined } | undefined
  const searches = anthropicSearches(target)
  let hasCalls = false
  let stop: StopReason | undefined
  let requestId: string | undefined
  let isOver = false

  function started(event: JsonObject): readonly ModelChunk[] {
    const index = asNumber(event.index)
    const block = asObject(event.content_block)
    if (index === undefined || block === undefined) return []
    const owed = settleCall(false)
    switch (block.type) {
      case "text":
        open.set(index, { kind: "text", citations: [] })
        return block.text ? [...owed, { type: "text", index, text: asText(block.text) }] : owed
      case "thinking":
        open.set(index, { kind: "thinking", text: asText(block.thinking), signature: asText(block.signature) })
        return [...owed, { type: "reasoning", index, text: asText(block.thinking) }]
      case "redacted_thinking":
        open.set(index, { kind: "redacted", data: asText(block.data) })
        return [...owed, { type: "reasoning", index, text: "" }]
      case "tool_use": {
        const input = asObject(block.input)
        const whole = input !== undefined && Object.keys(input).length > 0 ? input : undefined
        open.set(index, { kind: "call", text: "", whole })
        hasCalls = true
        return [
          ...owed,
          { type: "call", index, name: asText(block.name), providerCallId: asText(block.id) || undefined },
        ]
      }
      case "server_tool_use":
        open.set(index, { kind: "search", block, text: "" })
        return owed
      case "web_search_tool_result":
        open.set(index, { kind: "results" })
        return [...owed, ...searches.answered(index, block)]
      default:
        return owed
    }
  }

  function grew(event: JsonObject): readonly ModelChunk[] {
    const index = asNumber(event.index)
    const delta = asObject(event.delta)
    if (index === undefined || delta === undefined) return []
    const block = open.get(index)
    if (block === undefined) return []
    if (delta.type === "text_delta") return pieces("text", index, asText(delta.text))
    if (delta.type === "citations_delta" && block.kind === "text") block.citations.push(delta.citation)
    if (delta.type === "input_json_delta" && block.kind === "search") block.text += asText(delta.partial_json)
    if (delta.type === "input_json_delta" && block.kind === "call") {
      const text = asText(delta.partial_json)
      block.text += text
      return pieces("arguments", index, text)
    }
    if (delta.type === "thinking_delta" && block.kind === "thinking") {
      const text = asText(delta.thinking)
      block.text += text
      return pieces("reasoning", index, text)
    }
    if (delta.type === "signature_delta" && block.kind === "thinking") block.signature += asText(delta.signature)
    return []
  }

  function finished(event: JsonObject): readonly ModelChunk[] {
    const index = asNumber(event.index)
    const block = index === undefined ? undefined : open.get(index)
    if (index === undefined || block === undefined) return []
    open.delete(index)
    switch (block.kind) {
      case "text":
        if (block.citations.length === 0) return [{ type: "item_end", index }]
        return [endOf(index, { citations: block.citations })]
      case "search":
        return searches.asked(index, { ...block.block, input: inputOf(block.text, block.block.input) })
      case "results":
        return []
      case "thinking":
        return [endOf(index, { type: "thinking", thinking: block.text, signature: block.signature })]
      case "redacted":
        return [endOf(index, { type: "redacted_thinking", data: block.data })]
      case "call": {
        const owed = settleCall(false)
        ended = {
          index,
          text: block.text,
          argumentsText: block.text === "" ? JSON.stringify(block.whole ?? {}) : undefined,
        }
        return owed
      }
    }
  }

  function endOf(index: number, data: JsonObject): ModelChunk {
    return { type: "item_end", index, providerData: tagged(target, data) }
  }

  /** `wasCut`: the reply hit its length, so the call counts only when its arguments are whole nevertheless. */
  function settleCall(wasCut: boolean): readonly ModelChunk[] {
    const call = ended
    ended = undefined
    if (call === undefined || (wasCut && !isWholeObject(call.text))) return []
    const argumentsText = call.argumentsText
    return [{ type: "item_end", index: call.index, ...(argumentsText === undefined ? {} : { argumentsText }) }]
  }

  function stopping(event: JsonObject): readonly ModelChunk[] {
    const reason = asText(asObject(event.delta)?.stop_reason)
    const usage = usageChunk(asObject(event.usage), sent)
    if (reason === "") return usage
    stop = stopReason(reason, hasCalls)
    return [...settleCall(stop === "length"), ...usage]
  }

  function over(): readonly ModelChunk[] {
    isOver = true
    return [...searches.end(), { type: "stop", reason: stop ?? (hasCalls ? "calls" : "end"), requestId }]
  }

  return {
    event({ event, data }) {
      if (isOver || event === "ping") return []
      const body = parseEvent(data, target)
      switch (body.type) {
        case "content_block_delta":
          return grew(body)
        case "content_block_start":
          return started(body)
        case "content_block_stop":
          return finished(body)
        case "message_start":
          requestId = asText(asObject(body.message)?.id) || undefined
          return usageChunk(asObject(asObject(body.message)?.usage))
        case "message_delta":
          return stopping(body)
        case "message_stop":
          return [...settleCall(false), ...over()]
        case "error":
          throw refused(refusalOf(body), target)
        default:
          if (event === "error" || asObject(body.error) !== undefined) throw refused(refusalOf(body), target)
          return []
      }
    },
    end() {
      if (isOver) return []
      if (stop === undefined) throw cutOff(target)
      return over()
    },
  }
}

/** The query streams as the arguments of calls do. */
function inputOf(text: string, given: unknown): unknown {
  return isWholeObject(text) ? JSON.parse(text) : given
}

function pieces(type: "text" | "reasoning" | "arguments", index: number, text: string): readonly ModelChunk[] {
  return text === "" ? [] : [{ type, index, text }]
}

function stopReason(reason: string, hasCalls: boolean): StopReason {
  switch (reason) {
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length"
    case "refusal":
      return "refusal"
    case "pause_turn":
      return "paused"
    default:
      return hasCalls ? "calls" : "end"
  }
}

/** At the end, gateways say 0 for the input that they counted at the start. */
function sent(value: unknown): number | undefined {
  return asNumber(value) || undefined
}

/**
 * `input_tokens` excludes the cache; `output_tokens` includes thinking. Counts that are left out stay as they were, and
 * so do those that `count` passes over.
 */
function usageChunk(usage: JsonObject | undefined, count = asNumber): readonly ModelChunk[] {
  if (usage === undefined) return []
  const input = count(usage.input_tokens)
  const cacheRead = count(usage.cache_read_input_tokens)
  const cacheWrite = count(usage.cache_creation_input_tokens)
  const cacheWriteLong = count(asObject(usage.cache_creation)?.ephemeral_1h_input_tokens)
  const output = asNumber(usage.output_tokens)
  const searches = count(asObject(usage.server_tool_use)?.web_search_requests)
  const reasoning = asNumber(asObject(usage.output_tokens_details)?.thinking_tokens)
  return [
    {
      type: "usage",
      usage: {
        ...(input === undefined ? {} : { input }),
        ...(cacheRead === undefined ? {} : { cacheRead }),
        ...(cacheWrite === undefined ? {} : { cacheWrite }),
        ...(cacheWriteLong ? { cacheWriteLong } : {}),
        ...(output === undefined ? {} : { output }),
        ...(searches ? { searches } : {}),
        ...(reasoning === undefined ? {} : { reasoning }),
      },
    },
  ]
}
