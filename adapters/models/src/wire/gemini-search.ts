import type { ModelChunk } from "@skein/core/ports"
import { asArray, asObject, asText, type JsonObject } from "./json.ts"
import { tagged } from "./provider-data.ts"
import { sourcesOf } from "./search.ts"
import type { Target } from "./wire.ts"

/** Searches of a Gemini reply: parts that must go back, and what the whole reply says at its end. */
export interface GeminiSearches {
  /** A part that is of a search. */
  part(part: JsonObject): void
  /** `groundingMetadata`, which grows and comes last whole. */
  grounded(metadata: JsonObject): void
  /** What there was, as one item; none when nothing was searched. */
  end(index: number): readonly ModelChunk[]
}

export function geminiSearches(target: Target): GeminiSearches {
  const parts: JsonObject[] = []
  let metadata: JsonObject = {}
  return {
    part: (part) => void parts.push(part),
    grounded(more) {
      metadata = { ...metadata, ...more }
    },
    end(index) {
      const asked = parts.flatMap((part) => asArray(asObject(asObject(part.toolCall)?.args)?.queries))
      const query = [...asked, ...asArray(metadata.webSearchQueries)].map(asText).find((text) => text !== "")
      const sources = sourcesOf(asArray(metadata.groundingChunks).map((chunk) => asObject(chunk)?.web))
      if (parts.length === 0 && query === undefined && sources.length === 0) return []
      const searches = Math.max(1, asArray(metadata.webSearchQueries).length)
      const data = parts.length === 0 ? {} : { providerData: tagged(target, { parts }) }
      return [
        { type: "hosted", index, action: { kind: "search", ...(query === undefined ? {} : { query }) }, sources },
        { type: "item_end", index, ...data },
        { type: "usage", usage: { searches } },
      ]
    },
  }
}
