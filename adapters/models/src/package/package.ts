import type { LanguageModelV4StreamPart } from "@ai-sdk/provider"
import type { ModelChunk, ModelRequest } from "@skein/core/ports"
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
): AsyncGenerator<readonly ModelChunk[]> {
  signal.throwIfAborted()
  const decoder = partDecoder(target)
  const aborted = abortion(signal)
  let reader: Reader | undefined
  try {
    const { stream } = await Promise.race([
      target.model.doStream(callOptions(request, target, signal)),
      aborted.promise,
    ])
    reader = stream.getReader()
    const parts = pumped(reader)
    for (;;) {
      const batch = await Promise.race([parts.next(), aborted.promise])
      if (batch === undefined) break
      const chunks = batch.flatMap((part) => decoder.part(part))
      if (chunks.length > 0) yield chunks
    }
    decoder.end()
  } catch (error) {
    signal.throwIfAborted()
    throw refusedByPackage(error, target)
  } finally {
    aborted.dispose()
    // Not awaited: a package may take its time to let go of a connection, and abort may not.
    reader?.cancel().catch(() => undefined)
  }
}

interface Reader {
  read(): Promise<{ done: false; value: LanguageModelV4StreamPart } | { done: true; value?: unknown }>
  cancel(): Promise<void>
}

/** Reads ahead, and gives what has come since the last call; undefined at the end. */
function pumped(reader: Reader) {
  let come: LanguageModelV4StreamPart[] = []
  let state: { kind: "open" } | { kind: "done" } | { kind: "failed"; error: unknown } = { kind: "open" }
  let wake = () => {}
  const pump = async () => {
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        come.push(read.value)
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
  promise.catch(() => undefined)
  const abort = () => reject(signal.reason)
  signal.addEventListener("abort", abort, { once: true })
  return { promise, dispose: () => signal.removeEventListener("abort", abort) }
}
