import { type ModelInfo, NO_USAGE, ratesFor, SkeinError, type Usage } from "@skein/protocol"
import { priceOf } from "../context/cost.ts"
import { buildRequest } from "../context/request.ts"
import { contextSize, factsOf } from "../context/size.ts"
import type { ModelRequest } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import { isSpent } from "../turn/budget.ts"
import { counted } from "../turn/counted.ts"
import type { TurnPorts } from "../turn/ports.ts"
import type { EnginePorts } from "./ports.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: EnginePorts & Pick<TurnPorts, "spent">
  /** A turn runs, or something else that is no rest. */
  readonly isBusy: () => boolean
}

/** So long before the provider would let go: a request takes a while. */
const AHEAD_MS = 30_000
/** Enough for a word, where a reply has to be read to its end to know what it took. */
const OUTPUT_TOKENS_MAX = 16

/**
 * Has a provider keep what it has of an idle session: the same request again, with a word at its end, shortly before it would
 * be forgotten. For `keepAliveMs` at most, and only while no budget is spent and all of it costs less than reading everything
 * anew would. What it took is in the log. Ends with the signal, with the next turn, and with whatever the provider refuses.
 */
export async function keepAlive(parts: Parts, signal: AbortSignal): Promise<void> {
  const { state, writer, ports } = parts
  const until = (state.cache.sent?.endedAt ?? 0) + (ports.keepAliveMs ?? 0)
  let spentMicroUsd = 0
  for (;;) {
    const { endedAt } = state.cache.sent ?? {}
    const { model } = state.settings
    const info = factsOf(model, ports.model)
    const at = pingAt(state, info)
    if (at === undefined || at > until || isSpent(state, ports)) return
    if (spentMicroUsd + pingCost(parts, info) >= missCost(parts, info)) return
    await ports.clock.sleep(at - ports.clock.now(), signal)
    if (parts.isBusy() || state.cache.sent?.endedAt !== endedAt) return
    const startedAt = ports.clock.now()
    const usage = await ping(parts, info, signal)
    if (usage === undefined) return
    const microUsd = priceOf(usage, model, ports.model)
    spentMicroUsd += microUsd ?? 0
    const durationMs = ports.clock.now() - startedAt
    await writer.emit([{ type: "usage.recorded", purpose: "keep_alive", model, usage, microUsd, durationMs }])
    if (parts.isBusy()) return
  }
}

/** When the next one is due; undefined where the provider does not say how long it keeps, or no longer has it. */
function pingAt({ cache: { sent }, settings }: SessionState, info: ModelInfo | undefined): number | undefined {
  const facts = info?.cache
  if (sent === undefined || facts?.ttlMs === undefined || facts.kind === "none" || sent.model !== settings.model)
    return undefined
  // Its search is among what is kept, and would be asked for with the word: it might search, and take money for it.
  if ((settings.webSearch?.access ?? "disabled") !== "disabled") return undefined
  return sent.endedAt + Math.max(facts.ttlMs - AHEAD_MS, 1_000)
}

/** Reading all of it from the cache, and a few tokens. In micro-USD; infinite where no price is known. */
function pingCost({ state, ports }: Parts, info: ModelInfo | undefined): number {
  const tokens = contextSize(state, ports).contextTokens
  const price = info?.price
  if (price?.cacheRead === undefined) return Number.POSITIVE_INFINITY
  const rates = ratesFor(price, tokens)
  return tokens * (rates.cacheRead ?? rates.input) + OUTPUT_TOKENS_MAX * rates.output
}

/** What reading all of it anew costs more than from the cache. In micro-USD. */
function missCost({ state, ports }: Parts, info: ModelInfo | undefined): number {
  const tokens = contextSize(state, ports).contextTokens
  const price = info?.price
  if (price === undefined) return 0
  const rates = ratesFor(price, tokens)
  return tokens * ((rates.cacheWrite ?? rates.input) - (rates.cacheRead ?? rates.input))
}

/** What the provider counted; undefined when it refused. Where marks say what is kept, the first word ends it. */
async function ping(
  { state, ports }: Parts,
  info: ModelInfo | undefined,
  signal: AbortSignal,
): Promise<Usage | undefined> {
  const isCounted = info?.cache?.kind === "marks"
  const request = withWord(buildRequest(state, ports.tools))
  const asked = isCounted ? request : { ...request, outputTokensMax: OUTPUT_TOKENS_MAX }
  const stop = new AbortController()
  const stopped = () => stop.abort(signal.reason)
  signal.addEventListener("abort", stopped, { once: true })
  let usage: Partial<Usage> = {}
  let isEnough = false
  try {
    for await (const chunks of ports.model.stream(asked, stop.signal)) {
      for (const chunk of chunks) if (chunk.type === "usage") usage = { ...usage, ...chunk.usage }
      isEnough = isCounted && chunks.some(({ type }) => type !== "usage")
      if (isEnough) stop.abort()
    }
  } catch (error) {
    // Nobody waits for it: what the provider refused, the next turn is told.
    if (!isEnough && !signal.aborted && !(error instanceof SkeinError)) throw error
    if (!isEnough) return undefined
  } finally {
    signal.removeEventListener("abort", stopped)
  }
  return { ...NO_USAGE, ...counted(usage) }
}

/** A conversation that is asked about ends with the user. */
function withWord(request: ModelRequest): ModelRequest {
  const last = request.messages.at(-1)
  const word = { type: "text", text: "Say only: ok." } as const
  if (last?.role === "user") return request
  return { ...request, messages: [...request.messages, { role: "user", content: [word] }] }
}
