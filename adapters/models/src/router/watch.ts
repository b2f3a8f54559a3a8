import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import type { Found } from "./find.ts"

type Burst = readonly ModelChunk[]

export interface Watching {
  /** The request with its tools, as the core made it. */
  readonly request: ModelRequest
  /** It is known that the model calls natively. */
  readonly isNative?: boolean | undefined
  /** Calls were found in the text of a reply. */
  readonly onFound: () => void
}

/** Of the text item that streams, or streamed last. */
interface Last {
  readonly index: number
  text: string
}

/**
 * For a model that calls tools natively, and now and then does not. Bursts pass untouched; only when the last text of a
 * reply ends as calls do, its end waits for the reply's, and is replaced when it was calls.
 */
export async function* watched(
  reply: AsyncIterable<Burst>,
  { request, isNative, onFound }: Watching,
): AsyncGenerator<Burst> {
  if (request.tools.length === 0) return yield* reply
  let last: Last | undefined
  let hasCalls = false
  let kept: ModelChunk[] | undefined
  for await (const burst of reply) {
    for (const chunk of burst) {
      if (chunk.type === "text") {
        if (last?.index === chunk.index) last.text += chunk.text
        else last = { index: chunk.index, text: chunk.text }
      } else if (chunk.type === "call") hasCalls = true
    }
    const from = kept === undefined ? burst.findIndex((chunk) => mayEndCalls(chunk, last)) : 0
    if (hasCalls || from < 0) {
      if (kept !== undefined) yield kept
      kept = undefined
      yield burst
      continue
    }
    if (from > 0) yield burst.slice(0, from)
    kept = [...(kept ?? []), ...burst.slice(from)]
    if (kept.at(-1)?.type !== "stop") continue
    const found = last === undefined || !isWhole(kept) ? undefined : await find(last.text, { ...request, isNative })
    if (found === undefined || last === undefined) yield kept
    else {
      onFound()
      yield await withCalls(kept, found, last.index)
    }
    kept = undefined
  }
  if (kept !== undefined) yield kept
}

/** The end of a text that ends in a bracket, a fence or a tag. */
function mayEndCalls(chunk: ModelChunk, last: Last | undefined): boolean {
  if (chunk.type !== "item_end" || chunk.index !== last?.index) return false
  return /(?:[}\]>]|```|<\/s>)\s*$/.test(last.text.slice(-64))
}

function isWhole(chunks: Burst): boolean {
  const stop = chunks.at(-1)
  return stop?.type === "stop" && stop.reason === "end"
}

/** The text's end without the calls, and the calls behind it. */
async function withCalls(chunks: Burst, found: Found, index: number): Promise<Burst> {
  const trimmed = chunks.map((chunk) =>
    chunk.type === "item_end" && chunk.index === index ? { ...chunk, text: found.text } : chunk,
  )
  const { endsInCalls } = await import("./ends-in-calls.ts")
  return endsInCalls(trimmed, found.calls, index + 1)
}

/** Loaded only now: most conversations never come here. */
async function find(text: string, asking: ModelRequest & Pick<Watching, "isNative">): Promise<Found | undefined> {
  const { findCalls } = await import("./find.ts")
  return findCalls(text, asking)
}
