import type { ModelChunk, StopReason } from "@skein/core/ports"
import { cutOff } from "./cut.ts"
import { asArray, asNumber, asObject, asText, isWholeObject, type JsonObject, parseEvent, present } from "./json.ts"
import { tagged } from "./provider-data.ts"
import { refusalOf, refused } from "./refusals.ts"
import { sourcesOf } from "./search.ts"
import type { Decoder, Target } from "./wire.ts"

/** Text or reasoning that is streaming. When the other kind begins, it has ended. */
interface OpenText {
  readonly kind: "text" | "reasoning"
  readonly index: number
}

interface OpenCall {
  readonly index: number
  id: string
  text: string
  /** Whether the name came, so that the call is announced. */
  isNamed: boolean
  extra: JsonObject | undefined
}

const NONE: readonly ModelChunk[] = []

/** Reads one reply of Chat Completions. */
export function chatReply(target: Target): Decoder {
  let nextIndex = 0
  let openText: OpenText | undefined
  let details: Detail[] = []
  /** By the wire's own index of the call. */
  const calls = new Map<number, OpenCall>()
  let lastCall: number | undefined
  /** Pages that the provider read for the reply. */
  const cited = new Map<string, { readonly url: string; readonly title?: string }>()
  let finish: string | undefined
  let requestId: string | undefined
  let isOver = false

  function grew(kind: OpenText["kind"], text: string): readonly ModelChunk[] {
    if (text === "") return NONE
    if (openText?.kind === kind) return [{ type: kind, index: openText.index, text }]
    const ended = endText()
    openText = { kind, index: nextIndex++ }
    return [...ended, { type: kind, index: openText.index, text }]
  }

  function endText(): readonly ModelChunk[] {
    if (openText === undefined) return []
    const { kind, index } = openText
    openText = undefined
    if (kind === "text") return [{ type: "item_end", index }]
    const data: JsonObject = details.length > 0 ? { reasoning_details: details } : {}
    details = []
    return [{ type: "item_end", index, providerData: tagged(target, data) }]
  }

  /** Encrypted reasoning has no text; it still needs an item to travel with. */
  function detailed(value: unknown): readonly ModelChunk[] {
    const parts = asArray(value).flatMap((part) => present(asObject(part)))
    if (parts.length === 0) return []
    for (const part of parts) addDetail(details, part)
    if (openText?.kind === "reasoning") return []
    const ended = openText === undefined ? [] : endTextKeepingDetails()
    openText = { kind: "reasoning", index: nextIndex++ }
    return [...ended, { type: "reasoning", index: openText.index, text: "" }]
  }

  function endTextKeepingDetails(): readonly ModelChunk[] {
    const kept = details
    details = []
    const ended = endText()
    details = kept
    return ended
  }

  function called(value: unknown): readonly ModelChunk[] {
    const delta = asObject(value)
    if (delta === undefined) return []
    const fn = asObject(delta.function)
    const key = callKey(delta)
    const chunks: ModelChunk[] = []
    let call = calls.get(key)
    if (call === undefined) {
      chunks.push(...endText())
      call = { index: nextIndex++, id: asText(delta.id), text: "", isNamed: false, extra: undefined }
      calls.set(key, call)
    }
    lastCall = key
    call.id ||= asText(delta.id)
    const extra = asObject(delta.extra_content)
    if (extra !== undefined) call.extra = { extra_content: extra }
    const text = argumentsText(fn?.arguments)
    const held = call.isNamed ? "" : call.text
    call.text += text
    const name = asText(fn?.name)
    if (!call.isNamed && name !== "") {
      call.isNamed = true
      chunks.push({ type: "call", index: call.index, name, providerCallId: call.id || undefined })
    }
    const known = call.isNamed ? held + text : ""
    return known === "" ? chunks : [...chunks, { type: "arguments", index: call.index, text: known }]
  }

  /** Some servers leave the index out, and a few repeat 0 for every call: a new id and a name then mean a new call. */
  function callKey(delta: JsonObject): number {
    const given = asNumber(delta.index)
    const id = asText(delta.id)
    if (id !== "") {
      const same = [...calls].find(([, call]) => call.id === id)
      if (same !== undefined) return same[0]
      const held = given === undefined ? undefined : calls.get(given)
      const isTaken = held !== undefined && held.id !== "" && asText(asObject(delta.function)?.name) !== ""
      return given === undefined || isTaken ? freshKey() : given
    }
    if (given !== undefined) return given
    const isNew = lastCall === undefined || asText(asObject(delta.function)?.name) !== ""
    return isNew || lastCall === undefined ? freshKey() : lastCall
  }

  function freshKey(): number {
    let key = calls.size
    while (calls.has(key)) key++
    return key
  }

  /** `isSure`: the server said that the reply is whole. Otherwise a call counts when its arguments are. */
  function endCalls(isSure: boolean): readonly ModelChunk[] {
    return [...calls.values()].flatMap((call): ModelChunk[] => {
      if (!call.isNamed || !(isSure || isWholeObject(call.text))) return []
      const providerData = call.extra === undefined ? {} : { providerData: tagged(target, call.extra) }
      const argumentsText = call.text.trim() === "" ? { argumentsText: "{}" } : {}
      return [{ type: "item_end", index: call.index, ...providerData, ...argumentsText }]
    })
  }

  function over(): readonly ModelChunk[] {
    isOver = true
    const hasCalls = [...calls.values()].some(({ isNamed }) => isNamed)
    const reason = stopReason(finish, hasCalls)
    const isSure = finish !== undefined && reason !== "length"
    return [...endText(), ...endCalls(isSure), ...searched(), { type: "stop", reason, requestId }]
  }

  /** No more is told of a search than the pages that the text cites. */
  function searched(): readonly ModelChunk[] {
    if (cited.size === 0) return []
    const index = nextIndex++
    return [
      { type: "hosted", index, action: { kind: "search" }, sources: [...cited.values()] },
      { type: "item_end", index },
    ]
  }

  function delta(choice: JsonObject): readonly ModelChunk[] {
    // A few servers send the last piece as `message`.
    const piece = asObject(choice.delta) ?? asObject(choice.message)
    if (piece === undefined) return []
    for (const note of asArray(piece.annotations)) {
      for (const page of sourcesOf([asObject(note)?.url_citation])) cited.set(page.url, page)
    }
    return [
      ...detailed(piece.reasoning_details),
      ...grew("reasoning", asText(piece.reasoning_content) || asText(piece.reasoning)),
      ...grew("text", asText(piece.content) || asText(piece.refusal)),
      ...asArray(piece.tool_calls).flatMap(called),
    ]
  }

  function other(event: string, data: string): readonly ModelChunk[] {
    return event === "ping" ? NONE : whole(event, parseEvent(data, target), undefined)
  }

  function whole(event: string, body: JsonObject, choice: JsonObject | undefined): readonly ModelChunk[] {
    if (event === "error" || (body.error !== undefined && body.error !== null)) throw refused(refusalOf(body), target)
    requestId ??= asText(body.id) || undefined
    const chunks = choice === undefined ? NONE : delta(choice)
    const reason = asText(choice?.finish_reason)
    if (reason === "error") throw refused({ kind: "server_error", message: "the reply ended with an error" }, target)
    if (reason !== "") finish = reason
    return [...chunks, ...usageChunks(asObject(body.usage) ?? asObject(choice?.usage))]
  }

  return {
    event({ event, data }) {
      if (isOver) return NONE
      if (data.charCodeAt(0) !== 123) return data.startsWith("[DONE]") ? over() : other(event, data)
      const body = parseEvent(data, target)
      const choice = asObject(asArray(body.choices)[0])
      const piece = asObject(choice?.delta)
      // Nearly every event of a long stream is more of the open text and nothing else.
      if (openText?.kind === "text" && isPlainText(body, choice, piece)) {
        return [{ type: "text", index: openText.index, text: piece.content }]
      }
      return whole(event, body, choice)
    },
    end() {
      if (isOver) return []
      if (finish === undefined) throw cutOff(target)
      return over()
    },
  }
}

function isPlainText(
  body: JsonObject,
  choice: JsonObject | undefined,
  piece: JsonObject | undefined,
): piece is { content: string } {
  return (
    typeof piece?.content === "string" &&
    piece.content !== "" &&
    isAbsent(choice?.finish_reason) &&
    isAbsent(piece.tool_calls) &&
    isAbsent(piece.reasoning_content) &&
    isAbsent(piece.reasoning) &&
    isAbsent(piece.reasoning_details) &&
    isAbsent(piece.annotations) &&
    isAbsent(body.error) &&
    isAbsent(body.usage)
  )
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

/** OpenRouter's pieces of reasoning: those of one index and type belong together, and go back as one. */
type Detail = Record<string, unknown>

function addDetail(details: Detail[], part: JsonObject): void {
  const last = details.at(-1)
  if (
    last === undefined ||
    last.type !== part.type ||
    last.index !== part.index ||
    part.type === "reasoning.encrypted"
  ) {
    details.push({ ...part })
    return
  }
  for (const [key, value] of Object.entries(part)) {
    const isPiece = key === "text" || key === "summary"
    if (isPiece) last[key] = asText(last[key]) + asText(value)
    else if (value !== null && value !== undefined) last[key] = value
  }
}

/** A piece of JSON text; a few servers send the whole object instead. */
function argumentsText(value: unknown): string {
  if (typeof value === "string") return value
  const whole = asObject(value)
  return whole === undefined ? "" : JSON.stringify(whole)
}

function stopReason(finish: string | undefined, hasCalls: boolean): StopReason {
  switch (finish) {
    case "length":
    case "max_tokens":
    case "model_context_window_exceeded":
    case "model_length":
      return "length"
    case "content_filter":
    case "refusal":
    case "sensitive":
      return "refusal"
    default:
      return hasCalls ? "calls" : "end"
  }
}

/** `prompt_tokens` includes the cached ones. */
function usageChunks(usage: JsonObject | undefined): readonly ModelChunk[] {
  const prompt = asNumber(usage?.prompt_tokens)
  if (usage === undefined || prompt === undefined) return NONE
  const details = asObject(usage.prompt_tokens_details)
  const cacheRead =
    asNumber(details?.cached_tokens) ?? asNumber(usage.prompt_cache_hit_tokens) ?? asNumber(usage.cached_tokens) ?? 0
  const cacheWrite = asNumber(details?.cache_write_tokens) ?? 0
  const input = Math.max(0, prompt - cacheRead - cacheWrite)
  const reasoning = asNumber(asObject(usage.completion_tokens_details)?.reasoning_tokens) ?? 0
  const output = asNumber(usage.completion_tokens) ?? 0
  return [{ type: "usage", usage: { input, cacheRead, cacheWrite, output, reasoning } }]
}
