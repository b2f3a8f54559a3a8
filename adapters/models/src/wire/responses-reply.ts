import type { ModelChunk, StopReason } from "@skein/core/ports"
import { cutOff } from "./cut.ts"
import { asArray, asNumber, asObject, asText, type JsonObject, parseEvent } from "./json.ts"
import { tagged } from "./provider-data.ts"
import { refusalOf, refused } from "./refusals.ts"
import { sourcesOf } from "./search.ts"
import type { Decoder, Target } from "./wire.ts"

type Kind = "text" | "reasoning" | "call" | "search"
interface Open {
  readonly kind: Kind
  readonly index: number
  /** Whether any text of it came; if none did, the finished item brings it whole. */
  hasText: boolean
}

/** Reads one reply of the Responses API. */
export function responsesReply(target: Target): Decoder {
  /** By output index, or by item id where a server leaves the index out. */
  const open = new Map<number | string, Open>()
  const done = new Set<number | string>()
  let nextIndex = 0
  let hasCalls = false
  let isRefusal = false
  let searches = 0
  let isOver = false

  function keyOf(event: JsonObject): number | string {
    const item = asObject(event.item)
    return asNumber(event.output_index) ?? (asText(event.item_id) || asText(item?.id) || asText(item?.call_id))
  }

  function begin(key: number | string, kind: Kind): Open {
    const index = typeof key === "number" ? key : nextIndex
    nextIndex = Math.max(nextIndex, index + 1)
    const item: Open = { kind, index, hasText: false }
    open.set(key, item)
    return item
  }

  function added(key: number | string, item: JsonObject): readonly ModelChunk[] {
    const kind = kindOf(item)
    if (kind === undefined || open.has(key) || done.has(key)) return []
    const { index } = begin(key, kind)
    if (kind === "search") return [hostedOf(index, item)]
    if (kind !== "call") return []
    hasCalls = true
    const providerCallId = asText(item.call_id) || asText(item.id) || undefined
    return [{ type: "call", index, name: asText(item.name), providerCallId }]
  }

  function grew(event: JsonObject, kind: Kind): readonly ModelChunk[] {
    const text = asText(event.delta)
    const key = keyOf(event)
    if (text === "" || done.has(key)) return []
    if (kind === "search") return []
    const item = open.get(key) ?? (kind === "call" ? undefined : begin(key, kind))
    if (item === undefined || item.kind !== kind) return []
    item.hasText = true
    return [{ type: kind === "call" ? "arguments" : kind, index: item.index, text }]
  }

  /** A new part of a summary begins: a blank line parts it from the one before. */
  function summaryPart(event: JsonObject): readonly ModelChunk[] {
    const item = open.get(keyOf(event))
    if (item === undefined || item.kind !== "reasoning" || !item.hasText) return []
    return [{ type: "reasoning", index: item.index, text: "\n\n" }]
  }

  /** What the finished item says wins over what was streamed. */
  function finished(key: number | string, item: JsonObject): readonly ModelChunk[] {
    const begun = added(key, item)
    const held = open.get(key)
    if (held === undefined) return []
    open.delete(key)
    done.add(key)
    // A call that hit the reply's length is reported as done too, and must not run.
    if (held.kind === "call") return item.status === "incomplete" ? begun : [...begun, callEnd(held.index, item)]
    if (held.kind === "search") return searched(held.index, item)
    return endOf(held.kind, held, item)
  }

  /** Without its id: with one the API looks for the item among those that it kept, and it keeps none of ours. */
  function searched(index: number, { id: _, ...item }: JsonObject): readonly ModelChunk[] {
    if (asObject(item.action)?.type === "search") searches++
    return [hostedOf(index, item), { type: "item_end", index, providerData: tagged(target, item) }]
  }

  function endOf(type: "text" | "reasoning", { index, hasText }: Open, item: JsonObject): readonly ModelChunk[] {
    const data = type === "reasoning" ? reasoningData(item) : phaseData(item)
    const end: ModelChunk = {
      type: "item_end",
      index,
      ...(data === undefined ? {} : { providerData: tagged(target, data) }),
    }
    if (hasText) return [end]
    const text =
      type === "text" ? textIn(item.content, "") : textIn(item.summary, "\n\n") || textIn(item.content, "\n\n")
    // Reasoning without words may still have to go back; what has neither is nothing.
    const isNothing = text === "" && (type === "text" || data === undefined)
    return isNothing ? [] : [{ type, index, text }, end]
  }

  function completed(event: JsonObject, isWhole: boolean): readonly ModelChunk[] {
    const response = asObject(event.response) ?? {}
    const chunks: ModelChunk[] = []
    asArray(response.output).forEach((value, position) => {
      const item = asObject(value)
      if (item !== undefined && isWhole) chunks.push(...finished(keyInOutput(item, position), item))
    })
    for (const { kind, index, hasText } of open.values()) {
      if (kind !== "call" && hasText) chunks.push({ type: "item_end", index })
    }
    isOver = true
    const reason = isWhole ? (isRefusal ? "refusal" : hasCalls ? "calls" : "end") : incompleteReason(response)
    chunks.push(...usageChunk(asObject(response.usage)))
    if (searches > 0) chunks.push({ type: "usage", usage: { searches } })
    const requestId = asText(response.id) || undefined
    const isStored = isWhole && !isRefusal && response.store !== false && REPLY_ID.test(requestId ?? "")
    const storedAs = isStored && target.provider.dialect?.storesReplies === true ? requestId : undefined
    chunks.push({ type: "stop", reason, requestId, ...(storedAs === undefined ? {} : { storedAs }) })
    return chunks
  }

  /** The final list may name items that were never announced; those that were are known by index or by id. */
  function keyInOutput(item: JsonObject, position: number): number | string {
    const id = asText(item.id) || asText(item.call_id)
    return id !== "" && (open.has(id) || done.has(id)) ? id : position
  }

  return {
    event({ event, data }) {
      if (isOver || data === "[DONE]") return []
      const body = parseEvent(data, target)
      switch (asText(body.type) || event) {
        case "response.output_text.delta":
          return grew(body, "text")
        case "response.refusal.delta":
          isRefusal = true
          return grew(body, "text")
        case "response.reasoning_summary_text.delta":
        case "response.reasoning_text.delta":
          return grew(body, "reasoning")
        case "response.reasoning_summary_part.added":
          return summaryPart(body)
        case "response.function_call_arguments.delta":
          return grew(body, "call")
        case "response.output_item.added":
          return added(keyOf(body), asObject(body.item) ?? {})
        case "response.output_item.done":
          return finished(keyOf(body), asObject(body.item) ?? {})
        case "response.completed":
        case "response.done":
          return completed(body, true)
        case "response.incomplete":
          return completed(body, false)
        case "response.failed":
          throw refused(refusalOf(asObject(body.response) ?? body), target)
        case "error":
          throw refused(refusalOf(body), target)
        default:
          if (body.type === undefined && asObject(body.error) !== undefined) throw refused(refusalOf(body), target)
          return []
      }
    },
    end() {
      if (!isOver) throw cutOff(target)
      return []
    },
  }
}

/** It goes back as it came, and into the log: nothing else than an id. */
const REPLY_ID = /^[\w-]{1,256}$/

const ACTIONS = ["search", "open_page", "find_in_page"] as const

function hostedOf(index: number, item: JsonObject): ModelChunk {
  const action = asObject(item.action) ?? {}
  const kind = ACTIONS.find((known) => known === action.type) ?? "other"
  const query = asText(action.query) || asText(asArray(action.queries)[0]) || asText(action.pattern)
  const url = asText(action.url)
  const failure = item.status === "failed" ? { failure: "failed" } : {}
  return {
    ...{ type: "hosted", index },
    action: { kind, ...(query === "" ? {} : { query }), ...(url === "" ? {} : { url }) },
    ...{ sources: sourcesOf(action.sources), ...failure },
  }
}

function callEnd(index: number, item: JsonObject): ModelChunk {
  return { type: "item_end", index, argumentsText: asText(item.arguments).trim() || "{}" }
}

function kindOf(item: JsonObject): Kind | undefined {
  if (item.type === "message") return "text"
  if (item.type === "reasoning") return "reasoning"
  if (item.type === "web_search_call") return "search"
  return item.type === "function_call" ? "call" : undefined
}

function textIn(parts: unknown, separator: string): string {
  return asArray(parts)
    .map((part) => asText(asObject(part)?.text) || asText(asObject(part)?.refusal))
    .filter((text) => text !== "")
    .join(separator)
}

/** The item as it must go back. Its plain `content` is for reading only. */
function reasoningData(item: JsonObject): JsonObject | undefined {
  const encrypted = asText(item.encrypted_content)
  if (encrypted === "") return undefined
  const id = asText(item.id)
  return {
    type: "reasoning",
    ...(id === "" ? {} : { id }),
    summary: asArray(item.summary),
    encrypted_content: encrypted,
  }
}

/** Newer models mark a message as commentary or final answer, and want the mark back. */
function phaseData(item: JsonObject): JsonObject | undefined {
  const phase = asText(item.phase)
  return phase === "" ? undefined : { phase }
}

function incompleteReason(response: JsonObject): StopReason {
  return asObject(response.incomplete_details)?.reason === "content_filter" ? "refusal" : "length"
}

/** `input_tokens` includes the cached ones. */
function usageChunk(usage: JsonObject | undefined): readonly ModelChunk[] {
  if (usage === undefined) return []
  const details = asObject(usage.input_tokens_details)
  const cacheRead = asNumber(details?.cached_tokens) ?? 0
  const cacheWrite = asNumber(details?.cache_write_tokens) ?? 0
  const input = Math.max(0, (asNumber(usage.input_tokens) ?? 0) - cacheRead - cacheWrite)
  const reasoning = asNumber(asObject(usage.output_tokens_details)?.reasoning_tokens) ?? 0
  return [
    { type: "usage", usage: { input, cacheRead, cacheWrite, output: asNumber(usage.output_tokens) ?? 0, reasoning } },
  ]
}
