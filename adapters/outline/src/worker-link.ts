import { ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { Answer, Answers, Asked, Request } from "./messages.ts"

/** The thread that reads code: begun when it is first asked, ended when it was not asked for a while. */
export class WorkerLink {
  readonly #idleMs: number
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>()
  #worker: Worker | undefined
  #idle: Timer | undefined
  #lastId = 0

  constructor(idleMs: number) {
    this.#idleMs = idleMs
  }

  /** Throws ToolFailure for what could not be read, or the signal's reason. */
  async ask<K extends keyof Answers>(request: Request & { kind: K }, signal: AbortSignal): Promise<Answers[K]> {
    signal.throwIfAborted()
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<Answer>()
    this.#waiting.set(id, waiting)
    clearTimeout(this.#idle)
    const worker = this.#running()
    worker.ref()
    worker.postMessage({ id, request } satisfies Asked)
    const stop = () => {
      worker.postMessage({ id, request: "stop" } satisfies Asked)
      waiting.reject(signal.reason)
    }
    signal.addEventListener("abort", stop, { once: true })
    try {
      const answer = await waiting.promise
      if ("failure" in answer) throw new ToolFailure(`Cannot read the code: ${answer.failure}`)
      // Each request has the answer of its kind: the worker's table says so.
      return answer.answer as Answers[K]
    } finally {
      signal.removeEventListener("abort", stop)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) this.#rest()
    }
  }

  close(): void {
    clearTimeout(this.#idle)
    this.#worker?.terminate()
    this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(new SkeinError("op.unsupported", "skein is closing."))
  }

  /** Does not keep the process, and is gone after a while. */
  #rest(): void {
    this.#worker?.unref()
    this.#idle = setTimeout(() => this.close(), this.#idleMs)
    this.#idle.unref()
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(workerUrl(), { smol: true })
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.#waiting.get(data.id)?.resolve(data))
    worker.addEventListener("error", (event) => {
      event.preventDefault()
      // Its memory is not to be used again: what strange code broke, the next question begins without.
      if (this.#worker === worker) this.#worker = undefined
      worker.terminate()
      const failure = new ToolFailure(`Reading the code broke off (${event.message}). Try a smaller folder.`)
      for (const { reject } of this.#waiting.values()) reject(failure)
    })
    this.#worker = worker
    return worker
  }
}

/** In the binary all code lies in one folder, but for workers: those have the paths of their sources. */
function workerUrl(): string {
  const here = import.meta.url
  const isCompiled = here.includes("/$bunfs/") || here.includes("/~BUN/")
  return new URL(isCompiled ? "adapters/outline/src/worker.js" : "worker.ts", here).href
}
