import type { LanguageModelV4StreamPart } from "@ai-sdk/provider"
import type { ClockPort, ModelChunk, ModelRequest } from "@skein/core/ports"
import { type Limits, noAnswer, silent, watchdog } from "../wire/watchdog.ts"
import { cut, partDecoder } from "./parts.ts"
import { callOptions } from "./prompt.ts"
import { refusedByPackage } from "./refusals.ts"
import type { PackageTarget } from "./target.ts"

/**
 * Asks a provider package (`doStream`, without the `ai` core) as if it were a wire of ours: the same chunks, the same
 * errors, one array for all parts of one turn of the event loop. The route for providers not worth a wire.
 */
export async function* fromPackage(
  target: PackageTarget,
  request: ModelRequest,
  signal: AbortSignal,
  { clock, headersTimeoutMs, idleTimeoutMs }: PackageLimits,
): AsyncGenerator<readonly ModelChunk[]> {
  signal.throwIfAborted()
  const decoder = partDecoder(target)
  const expired = new AbortController()
  const either = AbortSignal.any([signal, expired.signal])
  const aborted = abortion(either)
  const who = target.row.name
  const beginning = watchdog(clock, (ms) => expired.abort(noAnswer(who, ms)))
  const going = watchdog(clock, (ms) => expired.abort(silent(who, ms)))
  let reader: Reader | undefined
  try {
    beginning.limit(headersTimeoutMs)
    const { stream } = await Promise.race([
      target.model.doStream(callOptions(request, target, either)),
      aborted.promise,
    ])
    beginning.stop()
    going.limit(idleTimeoutMs)
    reader = stream.getReader()
    const parts = pumped(reader, going.touch)
    for (;;) {
      const batch = await Promise.race([parts.next(), aborted.promise])
      if (batch === undefined) break
      const chunks = batch.flatMap((part) => decoder.part(part))
      if (chunks.length > 0) yield chunks
    }
    decoder.end()
  } catch (error) {
    either.throwIfAborted()
    throw refusedByPackage(error, target)
  } finally {
    beginning.stop()
    going.stop()
    aborted.dispose()
    // Not awaited: a package may take its time to let go of a connection, and abort may not.
    reader?.cancel().catch(() => undefined)
  }
}

export interface PackageLimits extends Limits {
  readonly clock: Pick<ClockPort, "sleep">
}

interface Reader {
  read(): Promise<{ done: false; value: LanguageModelV4StreamPart } | { done: true; value?: unknown }>
  cancel(): Promise<void>
}

/** Reads ahead, and gives what has come since the last call; undefined at the end. */
function pumped(reader: Reader, onRead: () => void) {
  let come: LanguageModelV4StreamPart[] = []
  let state: { kind: "open" } | { kind: "done" } | { kind: "failed"; error: unknown } = { kind: "open" }
  let wake = () => {}
  const pump = async () => {
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        come.push(read.value)
        onRead()
        wake()
      }
      state = { kind: "done" }
    } catch (error) {
      state = { kind: "failed", error }
    }
    wake()
  }
  void pump()
  return {
    async next(): Promise<readonly LanguageModelV4StreamPart[] | undefined> {
      if (come.length === 0 && state.kind === "open") await new Promise<void>((resolve) => (wake = resolve))
      // The parts of one network read come one by one within this turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve))
      if (come.length > 0) {
        const batch = come
        come = []
        return batch
      }
      if (state.kind === "failed") throw cut(state.error)
      return state.kind === "done" ? undefined : []
    },
  }
}

/** A promise that never resolves and rejects with the signal's reason. */
function abortion(signal: AbortSignal) {
  const { promise, reject } = Promise.withResolvers<never>()
  // Whoever races it hears of it; after the race nobody has to.
  promise.catch(() => undefined)
  const abort = () => reject(signal.reason)
  signal.addEventListener("abort", abort, { once: true })
  return { promise, dispose: () => signal.removeEventListener("abort", abort) }
}
