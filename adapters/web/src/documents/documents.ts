import { type DocumentsPort, ToolFailure } from "@skein/core/ports"
import { documentKind } from "./kinds.ts"
import type { Answer, Asked } from "./messages.ts"

const TIMEOUT_MS = 60_000
/** By so much the whole process may grow while one is read. */
const GROWTH_BYTES_MAX = 800_000_000
const LOOK_MS = 50

export interface Bounds {
  readonly timeoutMs: number
  readonly growthBytesMax: number
}

/**
 * Documents as text. Each is taken apart in a thread of its own that is ended with it: what is made to take for ever, to take
 * all memory, or to break what reads it, takes a minute and a bounded part of memory at most and breaks nothing else.
 */
export function documents(given: Partial<Bounds> = {}): DocumentsPort {
  const bounds: Bounds = { timeoutMs: TIMEOUT_MS, growthBytesMax: GROWTH_BYTES_MAX, ...given }
  return {
    kindOf: documentKind,
    async textOf(bytes, kind, { pages, signal }) {
      const answer = await answered({ bytes: new Uint8Array(bytes), kind, pages }, bounds, signal)
      if (answer.kind === "text") return answer.document
      if (answer.kind === "failed") throw new ToolFailure(answer.message)
      throw new ToolFailure(`The document cannot be read: ${answer.message.slice(0, 200)}`)
    },
  }
}

async function answered(asked: Asked, { timeoutMs, growthBytesMax }: Bounds, signal: AbortSignal): Promise<Answer> {
  signal.throwIfAborted()
  const worker = new Worker(workerUrl(), { smol: true })
  const over = Promise.withResolvers<Answer>()
  const stop = () => over.reject(signal.reason)
  signal.addEventListener("abort", stop, { once: true })
  const giveUp = (why: string) => over.resolve({ kind: "failed", message: `The document was not read${why}` })
  const late = setTimeout(() => giveUp(` within ${timeoutMs / 1000} s.`), timeoutMs)
  const before = process.memoryUsage.rss()
  const look = setInterval(() => {
    if (process.memoryUsage.rss() - before > growthBytesMax)
      giveUp(`: that takes more than ${growthBytesMax / 1_000_000} MB of memory.`)
  }, LOOK_MS)
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
    clearInterval(look)
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
