import { type DurableDraft, SkeinError, type Usage } from "@skein/protocol"
import { orLeave } from "../calls/leave.ts"
import { priceOf } from "../context/cost.ts"
import type { ModelChunk, ModelRequest, StopReason } from "../ports/index.ts"
import { counted } from "./counted.ts"
import type { TurnPorts } from "./ports.ts"
import { retryDelay } from "./retry.ts"

/** What came of a request that is no step: a summary, a handoff. */
export interface Completion {
  readonly text: string
  /** Why the text is not to be used; undefined for a whole reply. */
  readonly failure: string | undefined
  /** The signal aborted: nothing is to be made of it. */
  readonly isInterrupted: boolean
  /** Tokens and money of every attempt that cost any, for the log. */
  readonly spent: readonly DurableDraft[]
}

type CompletePorts = Pick<TurnPorts, "model" | "tokens" | "clock" | "random" | "retry" | "signal">
type PlainRequest = Omit<ModelRequest, "tools">
type Purpose = Extract<DurableDraft, { type: "usage.recorded" }>["purpose"]

/** A person waits for it, and there is another way: fewer than a step has. */
const ATTEMPTS_MAX = 3

/** One plain text from the model, without tools. Never throws for what the world refuses. */
export async function complete(request: PlainRequest, purpose: Purpose, ports: CompletePorts): Promise<Completion> {
  const spent: DurableDraft[] = []
  const retry = { ...ports.retry, attemptsMax: Math.min(ports.retry.attemptsMax, ATTEMPTS_MAX) }
  for (let attempt = 1; ; attempt++) {
    const startedAt = ports.clock.now()
    const reply = new PlainReply()
    const refusal = await reply.read(ports.model, { ...request, tools: [] }, ports)
    const { text, stop } = reply
    if (reply.hasBegun) {
      const usage = reply.usage(request, ports)
      const cost = { usage, microUsd: priceOf(usage, request.model, ports.model) }
      const durationMs = ports.clock.now() - startedAt
      spent.push({ type: "usage.recorded", purpose, model: request.model, ...cost, durationMs })
    }
    const isInterrupted = ports.signal.aborted
    if (isInterrupted) return { text, failure: "it was interrupted", isInterrupted, spent }
    if (refusal === undefined) return { text, failure: unusable(text, stop), isInterrupted, spent }
    const delayMs = retryDelay(refusal, attempt, ports.random.fraction(), retry)
    if (delayMs === undefined) return { text, failure: refusal.message, isInterrupted, spent }
    // An interrupt ends the wait; the next attempt sees it.
    await ports.clock.sleep(delayMs, ports.signal).catch(() => undefined)
  }
}

function unusable(text: string, stop: StopReason | undefined): string | undefined {
  if (stop === undefined) return "its reply ended in the middle"
  if (stop === "length") return "its reply was cut off at its limit"
  if (stop === "refusal") return "it declined"
  return text.trim() === "" ? "its reply was empty" : undefined
}

/** A reply of which only the text counts. */
class PlainReply {
  text = ""
  stop: StopReason | undefined
  hasBegun = false
  #usage: Partial<Usage> = {}

  /** What kept it from being read to its end; undefined when nothing did, or the signal. */
  async read(
    model: CompletePorts["model"],
    request: ModelRequest,
    ports: CompletePorts,
  ): Promise<SkeinError | undefined> {
    try {
      const bursts = model.stream(request, ports.signal)[Symbol.asyncIterator]()
      for (;;) {
        const next = await orLeave(bursts.next(), ports.signal, ports.clock)
        if (next.done === true) return undefined
        for (const chunk of next.value) this.#take(chunk)
      }
    } catch (error) {
      if (ports.signal.aborted) return undefined
      if (error instanceof SkeinError) return error
      throw error
    }
  }

  #take(chunk: ModelChunk): void {
    this.hasBegun = true
    if (chunk.type === "text") this.text += chunk.text
    else if (chunk.type === "usage") this.#usage = { ...this.#usage, ...chunk.usage }
    else if (chunk.type === "stop") this.stop = chunk.reason
  }

  usage({ system, messages }: Pick<ModelRequest, "system" | "messages">, { tokens }: CompletePorts): Usage {
    const { input, cacheRead = 0, cacheWrite = 0, output, reasoning = 0 } = counted(this.#usage)
    const isCounted = input !== undefined && output !== undefined
    return {
      input: input ?? tokens.estimate(system.join("") + JSON.stringify(messages)),
      ...{ cacheRead, cacheWrite, reasoning, output: output ?? tokens.estimate(this.text) },
      ...(isCounted ? {} : { isEstimated: true }),
    }
  }
}
