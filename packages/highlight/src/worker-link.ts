import type { Answer, Asked, ReadBounds, Request } from "./messages.ts"
import { Patience } from "./patience.ts"

/** What becomes of a request. */
export interface Outcome {
  /** `isLate` when whoever asked has gone on without it. */
  done(colors: Uint8Array | undefined, isLate: boolean): void
  /** The worker broke, or was given up; `isCause` when it was over this one. */
  lost(isCause: boolean): void
}

export interface LinkBounds extends ReadBounds {
  /** How long anybody is kept waiting for answers, for all that is asked in a moment. */
  readonly waitMaxMs: number
  /** After this long without any answer the worker is given up. */
  readonly patienceMs: number
}

/**
 * A worker that reads code. Its thread may take as long as it likes and its memory may break: who asks waits a moment,
 * measured in milliseconds, and a worker that does not answer is replaced, a few times.
 */
export class WorkerLink {
  readonly #bounds: LinkBounds
  readonly #restarted: () => void
  readonly #pending = new Map<number, Outcome>()
  readonly #patience: Patience
  #running: Running | undefined
  #watch: ReturnType<typeof setTimeout> | undefined
  #lastId = 0
  #losses = 0
  #isWaiting = false
  /** Nobody waits for what stands behind something slow. */
  #isBehind = false

  /** `restarted` is called when a worker was given up: what it had loaded is gone. */
  constructor(bounds: LinkBounds, restarted: () => void) {
    this.#bounds = bounds
    this.#restarted = restarted
    this.#patience = new Patience(bounds.waitMaxMs)
  }

  /** It broke so often that it is left alone. */
  get isOff(): boolean {
    return this.#losses >= LOSSES_MAX
  }

  /** How many workers were given up: what was begun with one is nothing to the next. */
  get generation(): number {
    return this.#losses
  }

  async start(): Promise<void> {
    if (this.#running !== undefined || this.isOff) return
    const threads = await import("node:worker_threads")
    this.#running ??= run(threads, this.#bounds, {
      answered: (answer) => this.#take(answer),
      failed: () => this.#lose(undefined),
    })
  }

  /** Asks, and waits a moment for the answer, unless it stands behind one that was waited for in vain. */
  ask(request: Request, outcome: Outcome): void {
    const waitMs = this.#isBehind ? 0 : this.#patience.left(performance.now())
    const id = this.post(request, outcome)
    if (waitMs > 0 && id !== undefined) this.#wait(id, waitMs)
  }

  /** Asks and goes on. */
  post(request: Request, outcome: Outcome): number | undefined {
    const running = this.#running
    if (running === undefined || this.#pending.size >= PENDING_MAX) {
      outcome.lost(false)
      return undefined
    }
    this.#lastId += 1
    this.#pending.set(this.#lastId, outcome)
    running.port.postMessage({ id: this.#lastId, request } satisfies Asked)
    this.#watch ??= this.#watching()
    return this.#lastId
  }

  #wait(id: number, waitMs: number): void {
    const begunMs = performance.now()
    const endMs = begunMs + waitMs
    this.#isWaiting = true
    for (let nowMs = begunMs; ; nowMs = performance.now()) {
      const running = this.#running
      if (running === undefined) break
      const seen = Atomics.load(running.answers, 0)
      this.#drain()
      if (!this.#pending.has(id) || nowMs >= endMs) break
      Atomics.wait(running.answers, 0, seen, endMs - nowMs)
    }
    this.#isWaiting = false
    this.#isBehind = this.#pending.has(id)
    const nowMs = performance.now()
    this.#patience.spend(nowMs - begunMs, nowMs)
  }

  /** Takes what has arrived and was not yet told. */
  #drain(): void {
    const running = this.#running
    for (let answer = running?.received(); answer !== undefined; answer = running?.received()) this.#take(answer)
  }

  #take(answer: Answer): void {
    const outcome = this.#pending.get(answer.id)
    if (outcome === undefined) return
    if (answer.kind === "broken") return this.#lose(answer.id)
    this.#pending.delete(answer.id)
    this.#unwatch()
    if (this.#pending.size > 0) this.#watch = this.#watching()
    else this.#isBehind = false
    outcome.done(answer.colors, !this.#isWaiting)
  }

  #watching(): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      const before = this.#pending.size
      // It may be this thread that slept.
      this.#drain()
      this.#unwatch()
      if (this.#pending.size === before) this.#lose(this.#pending.keys().next().value)
      else if (this.#pending.size > 0) this.#watch = this.#watching()
    }, this.#bounds.patienceMs)
    timer.unref()
    return timer
  }

  #unwatch(): void {
    clearTimeout(this.#watch)
    this.#watch = undefined
  }

  #lose(causeId: number | undefined): void {
    if (this.#running === undefined) return
    this.#unwatch()
    this.#running.end()
    this.#running = undefined
    this.#losses += 1
    this.#isBehind = false
    const lost = [...this.#pending]
    this.#pending.clear()
    for (const [id, outcome] of lost) outcome.lost(id === causeId)
    this.#restarted()
  }
}

/** Whoever breaks it that often does it on purpose. */
const LOSSES_MAX = 4
/** More is not asked at once; it is asked again when it is drawn again. */
const PENDING_MAX = 200

interface Running {
  readonly port: import("node:worker_threads").MessagePort
  readonly answers: Int32Array
  received(): Answer | undefined
  end(): void
}

interface RunListener {
  answered(answer: Answer): void
  failed(): void
}

function run(
  { MessageChannel, receiveMessageOnPort }: typeof import("node:worker_threads"),
  { charsMax, reportsMax, timeMaxMs }: ReadBounds,
  { answered, failed }: RunListener,
): Running {
  const { port1: port, port2 } = new MessageChannel()
  const answers = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const worker = new Worker(workerUrl(), { smol: true })
  let isOver = false
  worker.addEventListener("error", (event) => {
    event.preventDefault()
    if (!isOver) failed()
  })
  port.on("message", (answer: Answer) => (isOver ? undefined : answered(answer)))
  const outset = { port: port2, answers, bounds: { charsMax, reportsMax, timeMaxMs } }
  worker.postMessage(outset, [port2])
  // Neither keeps the process.
  worker.unref()
  port.unref()
  return {
    port,
    answers,
    received: () => receiveMessageOnPort(port)?.message,
    end() {
      isOver = true
      port.close()
      worker.terminate()
    },
  }
}

/** In the binary all code lies in one folder, but for workers: those have the paths of their sources. */
function workerUrl(): string {
  const here = import.meta.url
  const isCompiled = here.includes("/$bunfs/") || here.includes("/~BUN/")
  return new URL(isCompiled ? "packages/highlight/src/worker.js" : "worker.ts", here).href
}
