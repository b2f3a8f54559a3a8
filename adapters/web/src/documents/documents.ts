import { type DocumentsPort, ToolFailure } from "@skein/core/ports"
import { documentKind } from "./kinds.ts"
import type { Answer, Asked } from "./messages.ts"

const TIMEOUT_MS = 60_000

/**
 * Documents as text. Each is taken apart in a thread of its own that is ended with it: what is made to take for ever, or to
 * break what reads it, takes a minute at most and breaks nothing else.
 */
export function documents({ timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): DocumentsPort {
  return {
    kindOf: documentKind,
    async textOf(bytes, kind, { pages, signal }) {
      const answer = await answered({ bytes: new Uint8Array(bytes), kind, pages }, timeoutMs, signal)
      if (answer.kind === "text") return answer.document
      if (answer.kind === "failed") throw new ToolFailure(answer.message)
      throw new ToolFailure(`The document cannot be read: ${answer.message.slice(0, 200)}`)
    },
  }
}

async function answered(asked: Asked, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted()
  const worker = new Worker(workerUrl(), { smol: true })
  const over = Promise.withResolvers<Answer>()
  const stop = () => over.reject(signal.reason)
  signal.addEventListener("abort", stop, { once: true })
  const late = setTimeout(
    () => over.resolve({ kind: "failed", message: `The document was not read within ${timeoutMs / 1000} s.` }),
    timeoutMs,
  )
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => over.resolve(data))
  worker.addEventListener("error", (event) => {
    event.preventDefault()
    over.resolve({ kind: "broken", message: event.message })
  })
  worker.postMessage(asked)
  try {
    return await over.promise
  } finally {
    clearTimeout(late)
    signal.removeEventListener("abort", stop)
    worker.terminate()
  }
}

/** In the binary every thread's code lies where it was in the tree. */
function workerUrl(): string {
  const here = import.meta.url
  const isCompiled = here.includes("/$bunfs/") || here.includes("/~BUN/")
  return new URL(isCompiled ? "adapters/web/src/documents/worker.js" : "worker.ts", here).href
}
