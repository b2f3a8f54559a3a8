import type { ModelChunk, StopReason } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { cutOff } from "./cut.ts"
import { geminiSearches } from "./gemini-search.ts"
import { asArray, asNumber, asObject, asText, type JsonObject, parseEvent } from "./json.ts"
import { tagged } from "./provider-data.ts"
import { refusalOf, refused } from "./refusals.ts"
import type { Decoder, Target } from "./wire.ts"
import { whoIs } from "./wording.ts"

/** Text or thoughts that are streaming. When the other kind or a call begins, they have ended. */
interface Open {
  readonly kind: "text" | "reasoning"
  readonly index: number
  signature: string
}

/** Reads one reply of streamGenerateContent. */
export function geminiReply(target: Target): Decoder {
  let nextIndex = 0
  let open: Open | undefined
  const searches = geminiSearches(target)
  let searchIndex: number | undefined
  let hasCalls = false
  let finish: string | undefined
  let requestId: string | undefined
  let isOver = false

  function part(value: unknown): readonly ModelChunk[] {
    const body = asObject(value)
    if (body === undefined) return []
    if (body.toolCall !== undefined || body.toolResponse !== undefined) {
      // The item stands where its first part came.
      searchIndex ??= nextIndex++
      searches.part(body)
      return endOpen()
    }
    const call = asObject(body.functionCall)
    if (call !== undefined) return called(call, asText(body.thoughtSignature))
    return grew(body.thought === true ? "reasoning" : "text", asText(body.text), asText(body.thoughtSignature))
  }

  function grew(kind: Open["kind"], text: string, signature: string): readonly ModelChunk[] {
    if (text === "" && signature === "") return []
    const ended = open?.kind === kind ? [] : endOpen()
    open ??= { kind, index: nextIndex++, signature: "" }
    const chunks: ModelChunk[] = [...ended, { type: kind, index: open.index, text }]
    if (signature === "") return chunks
    // A signature closes its part: the next text is another part.
    open.signature = signature
    return [...chunks, ...endOpen()]
  }

  function endOpen(): readonly ModelChunk[] {
    if (open === undefined) return []
    const { index, signature } = open
    open = undefined
    return [
      {
        type: "item_end",
        index,
        ...(signature === "" ? {} : { providerData: tagged(target, { thoughtSignature: signature }) }),
      },
    ]
  }

  /** A call comes whole, in one part. */
  function called(call: JsonObject, thoughtSignature: string): readonly ModelChunk[] {
    const ended = endOpen()
    const index = nextIndex++
    const id = asText(call.id)
    const data = { ...(id === "" ? {} : { id }), ...(thoughtSignature === "" ? {} : { thoughtSignature }) }
    const providerData = Object.keys(data).length === 0 ? {} : { providerData: tagged(target, data) }
    hasCalls = true
    return [
      ...ended,
      { type: "call", index, name: asText(call.name), providerCallId: id || undefined },
      { type: "item_end", index, argumentsText: JSON.stringify(asObject(call.args) ?? {}), ...providerData },
    ]
  }

  function over(): readonly ModelChunk[] {
    isOver = true
    if (finish === "MALFORMED_FUNCTION_CALL" || finish === "UNEXPECTED_TOOL_CALL" || finish === "MALFORMED_RESPONSE") {
      const text = `${whoIs(target)} could not read the call that ${target.modelId} wrote (${finish}). Try again.`
      throw new SkeinError("provider.protocol", text)
    }
    const searched = searches.end(searchIndex ?? nextIndex)
    return [...endOpen(), ...searched, { type: "stop", reason: stopReason(finish, hasCalls), requestId }]
  }

  return {
    event({ data }) {
      if (isOver || data === "[DONE]") return []
      const body = parseEvent(data, target)
      if (asObject(body.error) !== undefined) throw refused(refusalOf(body), target)
      requestId ??= asText(body.responseId) || undefined
      const candidate = asObject(asArray(body.candidates)[0])
      const chunks = asArray(asObject(candidate?.content)?.parts).flatMap(part)
      searches.grounded(asObject(candidate?.groundingMetadata) ?? {})
      const reason = asText(candidate?.finishReason) || (asText(asObject(body.promptFeedback)?.blockReason) && "SAFETY")
      if (reason !== "" && reason !== "FINISH_REASON_UNSPECIFIED") finish = reason
      const usage = usageChunk(asObject(body.usageMetadata))
      return usage === undefined ? chunks : [...chunks, usage]
    },
    end() {
      if (isOver) return []
      if (finish === undefined) throw cutOff(target)
      return over()
    },
  }
}

const REFUSALS = new Set([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
])

/** STOP comes with calls and without. */
function stopReason(finish: string | undefined, hasCalls: boolean): StopReason {
  if (finish === "MAX_TOKENS") return "length"
  if (finish !== undefined && REFUSALS.has(finish)) return "refusal"
  return hasCalls ? "calls" : "end"
}

/** `promptTokenCount` includes the cached ones; thoughts are counted beside the candidates. */
function usageChunk(usage: JsonObject | undefined): ModelChunk | undefined {
  const prompt = asNumber(usage?.promptTokenCount)
  if (usage === undefined || prompt === undefined) return undefined
  const cacheRead = asNumber(usage.cachedContentTokenCount) ?? 0
  const reasoning = asNumber(usage.thoughtsTokenCount) ?? 0
  const input = Math.max(0, prompt - cacheRead) + (asNumber(usage.toolUsePromptTokenCount) ?? 0)
  const output = (asNumber(usage.candidatesTokenCount) ?? 0) + reasoning
  return { type: "usage", usage: { input, cacheRead, cacheWrite: 0, output, reasoning } }
}
