import type { LanguageModelV4StreamPart, LanguageModelV4Usage, SharedV4ProviderMetadata } from "@ai-sdk/provider"
import type { ModelChunk, StopReason } from "@skein/core/ports"
import { SkeinError, type Usage } from "@skein/protocol"
import { type PackageTarget, taggedMetadata } from "./target.ts"

export interface PartDecoder {
  /** The chunks of one stream part. Throws what an `error` part holds, and SkeinError for a reply that is not whole. */
  part(part: LanguageModelV4StreamPart): readonly ModelChunk[]
  /** The stream is over. Throws SkeinError `provider.stream_cut` when no `finish` came. */
  end(): void
}

/** Turns one reply's stream parts into chunks. Parts of one id are one item; items are numbered as they begin. */
export function partDecoder(target: PackageTarget): PartDecoder {
  const items = new Map<string, { index: number; metadata: SharedV4ProviderMetadata | undefined }>()
  let count = 0
  let requestId: string | undefined
  let isFinished = false

  function itemOf(id: string) {
    const item = items.get(id) ?? { index: count++, metadata: undefined }
    items.set(id, item)
    return item
  }
  function endOf(id: string, metadata: SharedV4ProviderMetadata | undefined, argumentsText?: string): ModelChunk {
    const item = itemOf(id)
    const all = merged(item.metadata, metadata)
    items.delete(id)
    return {
      type: "item_end",
      index: item.index,
      ...(all === undefined ? {} : { providerData: taggedMetadata(target, all) }),
      ...(argumentsText === undefined ? {} : { argumentsText }),
    }
  }
  function call(id: string, name: string): ModelChunk {
    return { type: "call", index: itemOf(id).index, name, providerCallId: id.slice("call ".length) }
  }

  function chunksOf(part: LanguageModelV4StreamPart): readonly ModelChunk[] {
    switch (part.type) {
      case "text-start":
      case "reasoning-start":
      case "text-delta":
      case "reasoning-delta": {
        const kind = part.type.startsWith("text") ? "text" : "reasoning"
        const item = itemOf(`${kind} ${part.id}`)
        item.metadata = merged(item.metadata, part.providerMetadata)
        return "delta" in part && part.delta !== "" ? [{ type: kind, index: item.index, text: part.delta }] : []
      }
      case "text-end":
      case "reasoning-end":
        return [endOf(`${part.type.slice(0, -"-end".length)} ${part.id}`, part.providerMetadata)]
      case "tool-input-start":
        return [call(`call ${part.id}`, part.toolName)]
      case "tool-input-delta":
        return part.delta === ""
          ? []
          : [{ type: "arguments", index: itemOf(`call ${part.id}`).index, text: part.delta }]
      case "tool-call": {
        const id = `call ${part.toolCallId}`
        const start = items.has(id) ? [] : [call(id, part.toolName)]
        return [...start, endOf(id, part.providerMetadata, part.input)]
      }
      case "response-metadata":
        requestId = part.id ?? requestId
        return []
      case "finish":
        isFinished = true
        return [...usageOf(part.usage), { type: "stop", reason: reasonOf(part.finishReason), requestId }]
      case "error":
        throw part.error
      default:
        return []
    }
  }
  return {
    part: chunksOf,
    end() {
      if (!isFinished) throw cut()
    },
  }
}

function merged(one: SharedV4ProviderMetadata | undefined, two: SharedV4ProviderMetadata | undefined) {
  if (one === undefined || two === undefined) return one ?? two
  const all: SharedV4ProviderMetadata = { ...one }
  for (const [name, fields] of Object.entries(two)) all[name] = { ...all[name], ...fields }
  return all
}

function reasonOf({ unified, raw }: { readonly unified: string; readonly raw: string | undefined }): StopReason {
  switch (unified) {
    case "stop":
      return "end"
    case "tool-calls":
      return "calls"
    case "length":
      return "length"
    case "content-filter":
      return "refusal"
    default:
      // `interrupted`, and any other end that the provider gave no reason for: the connection broke first.
      if (unified === "interrupted" || raw === undefined) throw cut()
      return raw === "pause_turn" ? "paused" : "end"
  }
}

/** The reply ended before it was whole: as an error of reading, or as an end without a reason. */
export function cut(cause?: unknown): SkeinError {
  const text = "The connection was closed before the answer was whole. Try again."
  return new SkeinError("provider.stream_cut", text, cause === undefined ? {} : { cause })
}

/** Nothing when the provider sent no numbers: an estimate takes their place. */
function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage): readonly ModelChunk[] {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return []
  const cacheRead = inputTokens.cacheRead ?? 0
  const cacheWrite = inputTokens.cacheWrite ?? 0
  const usage: Usage = {
    input: inputTokens.noCache ?? Math.max(0, (inputTokens.total ?? 0) - cacheRead - cacheWrite),
    cacheRead,
    cacheWrite,
    output: outputTokens.total ?? 0,
    reasoning: outputTokens.reasoning ?? 0,
  }
  return [{ type: "usage", usage }]
}
