import type { ModelChunk } from "@skein/core/ports"
import type { FoundCall } from "./fit.ts"

type Burst = readonly ModelChunk[]

/** The end of a reply with calls before its `stop`, numbered from `from`. What its provider keeps of it has no such calls. */
export function endsInCalls(chunks: Burst, calls: readonly FoundCall[], from: number): Burst {
  const added = calls.flatMap(({ name, input }, at): ModelChunk[] => [
    { type: "call", index: from + at, name },
    { type: "item_end", index: from + at, argumentsText: JSON.stringify(input) },
  ])
  return chunks.flatMap((chunk) =>
    chunk.type === "stop" ? [...added, { ...chunk, reason: "calls" as const, storedAs: undefined }] : [chunk],
  )
}
