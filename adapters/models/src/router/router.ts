import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import type { Ask, Asked } from "../ask.ts"
import { type Formatter, format } from "./format.ts"
import { held } from "./hold.ts"
import { inWords } from "./in-words.ts"

interface Routes {
  readonly ask: Ask
  readonly formatter: Formatter | undefined
  readonly stream: (request: ModelRequest, signal: AbortSignal) => AsyncIterable<readonly ModelChunk[]>
  /** Models that wrote a call as text once; those that do are added. */
  readonly writers: Set<string>
}

/**
 * Asks a model that writes its calls as text, and reads them (FEATURES ROUTER-01, ROUTER-03). One that has no tools of its
 * own is told of them in words, and asked for its calls in words.
 */
export function askRouted(
  asked: Asked,
  request: ModelRequest,
  signal: AbortSignal,
  { ask, formatter, stream, writers }: Routes,
): AsyncIterable<readonly ModelChunk[]> {
  const isNative = asked.info.tools
  const reply = ask(asked, { ...(isNative ? request : inWords(request)), continues: undefined }, signal)
  if (request.tools.length === 0) return reply
  return held(reply, {
    request,
    onFound: () => void writers.add(request.model),
    format:
      isNative || formatter === undefined ? undefined : (text) => format(text, { request, formatter, stream, signal }),
  })
}
