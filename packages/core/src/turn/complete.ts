import { type DurableDraft, SkeinError, type Usage } from "@skein/protocol"
import { orLeave } from "../calls/leave.ts"
import { priceOf } from "../context/cost.ts"
import type { ModelChunk, ModelRequest, StopReason } from "../ports/index.ts"
import type { TurnPorts } from "./ports.ts"
import { counted } from "./reply.ts"

/** What came of one request that is no step: a summary, a handoff. */
export interface Completion {
  readonly text: string
  /** Why the text is not to be used; undefined for a whole reply. */
  readonly failure: string | undefined
  /** The signal aborted: nothing is to be made of it. */
  readonly isInterrupted: boolean
  /** Its tokens and money, for the log; undefined when nothing was spent. */
  readonly spent: DurableDraft | undefined
}

type CompletePorts = Pick<TurnPorts, "model" | "tokens" | "clock" | "signal">

/** One plain text from the model, without tools, not retried. Never throws for what the world refuses. */
export async function complete(
  request: Omit<ModelRequest, "tools">,
  purpose: "summary" | "handoff",
  ports: CompletePorts,
): Promise<Completion> {
  const startedAt = ports.clock.now()
  const reply = new PlainReply()
  const failure = await reply.read(ports.model, { ...request, tools: [] }, ports)
  const { text } = reply
  const isInterrupted = ports.signal.aborted
  if (!reply.hasBegun) return { text, failure, isInterrupted, spent: undefined }
  const usage = reply.usage(request, ports)
  const microUsd = priceOf(usage, request.model, ports.model)
  const durationMs = ports.clock.now() - startedAt
  const spent = { type: "usage.recorded", purpose, model: request.model, usage, microUsd, durationMs } as const
  return { text, failure: failure ?? unusable(text, reply.stop), isInterrupted, spent }
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

  /** Why it could not be read to its end; undefined when it was. */
  async read(model: CompletePorts["model"], request: ModelRequest, ports: CompletePorts): Promise<string | undefined> {
    try {
      const bursts = model.stream(request, ports.signal)[Symbol.asyncIterator]()
      for (;;) {
        const next = await orLeave(bursts.next(), ports.signal, ports.clock)
        if (next.done === true) return undefined
        for (const chunk of next.value) this.#take(chunk)
      }
    } catch (error) {
      if (ports.signal.aborted) return "it was interrupted"
      if (error instanceof SkeinError) return error.message
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
