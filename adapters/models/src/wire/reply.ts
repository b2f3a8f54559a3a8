import type { ModelChunk } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { cutOff } from "./cut.ts"
import { lineDecoder } from "./lines.ts"
import { sseDecoder } from "./sse.ts"
import type { Decoder, Target } from "./wire.ts"

/** One reply, from bytes to chunks: a live stream or a captured file. */
export interface Reply {
  /** The chunks of one piece of the stream. Text that follows text of the same item is one chunk. */
  feed(bytes: Uint8Array): readonly ModelChunk[]
  /** The stream is over. Throws SkeinError `provider.stream_cut` when the reply is not whole. */
  end(): readonly ModelChunk[]
  /** Whether the `stop` came: what follows it is not read. */
  readonly isOver: boolean
  /** Whether any event came at all: if not, the answer was no stream. */
  readonly hasEvents: boolean
}

export function readReply(decoder: Decoder, target: Target): Reply {
  const frames = decoder.framing === "lines" ? lineDecoder() : sseDecoder()
  let isOver = false
  let hasEvents = false

  function take(events: ReturnType<typeof frames.feed>): ModelChunk[] {
    const chunks: ModelChunk[] = []
    for (const event of events) {
      hasEvents = true
      for (const chunk of decoder.event(event)) add(chunks, chunk)
      if (chunks.at(-1)?.type === "stop") {
        isOver = true
        break
      }
    }
    return chunks
  }

  return {
    feed: (bytes) => (isOver ? [] : take(frames.feed(bytes))),
    end() {
      if (isOver) return []
      const chunks = takeLast(() => take(frames.end()), target)
      if (!isOver) for (const chunk of decoder.end()) add(chunks, chunk)
      isOver = true
      return chunks
    },
    get isOver() {
      return isOver
    },
    get hasEvents() {
      return hasEvents
    },
  }
}

/** The last event may lack its end because the stream was cut inside it; half a JSON text says so. */
function takeLast(take: () => ModelChunk[], target: Target): ModelChunk[] {
  try {
    return take()
  } catch (error) {
    if (error instanceof SkeinError && error.code === "provider.protocol") throw cutOff(target, error)
    throw error
  }
}

/** A long stream brings many small pieces in one read; whoever gets them pays per chunk. */
function add(chunks: ModelChunk[], chunk: ModelChunk): void {
  const last = chunks.at(-1)
  const isPiece = chunk.type === "text" || chunk.type === "reasoning" || chunk.type === "arguments"
  if (isPiece && last?.type === chunk.type && last.index === chunk.index) {
    chunks[chunks.length - 1] = { type: chunk.type, index: chunk.index, text: last.text + chunk.text }
  } else chunks.push(chunk)
}
