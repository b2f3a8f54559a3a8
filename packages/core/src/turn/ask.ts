import { type DurableDraft, SkeinError, type TurnId } from "@skein/protocol"
import { leaving } from "../calls/leave.ts"
import { beginningOf, missOf } from "../context/cache.ts"
import { wholeAgain } from "../context/continued.ts"
import { costOf, priceOf } from "../context/cost.ts"
import { newsOf } from "../context/load.ts"
import { allowedBy, buildRequest } from "../context/request.ts"
import { searchFor } from "../context/search.ts"
import { contextSize, factsOf } from "../context/size.ts"
import type { ModelChunk } from "../ports/index.ts"
import { modelNow } from "../transcript/model.ts"
import { placeOf } from "../transcript/place.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import { budgetAlerts, uncounted } from "./budget.ts"
import type { TurnPorts } from "./ports.ts"
import { Reply } from "./reply.ts"
import { limitLeft, retryDelay } from "./retry.ts"

/**
 * One attempt at one model request, into the log: `step.started`, the items as they become whole, the calls once the
 * reply is, and `step.ended` or `step.discarded`. Whether there is another attempt is the next decision's.
 */
export async function ask(
  state: SessionState,
  turn: OpenTurn,
  { step, attempt }: { readonly step: number; readonly attempt: number },
  ports: TurnPorts,
): Promise<void> {
  const { turnId } = turn
  const model = modelNow(state)
  const searching = searchFor(state, ports)
  const unpriced = uncounted(model, factsOf(model, ports.model), state.settings.limits)
  const warnings = [searching.refusal, unpriced].flatMap((text) => told(state, text, "warning"))
  const news = [...joining(state, turnId), ...newsOf(state, ports.tokens), ...warnings]
  if (news.length > 0) await ports.emit(news)
  const startedAt = ports.clock.now()
  const { search } = searching
  const whole = { ...buildRequest(state, ports.tools), ...(search === undefined ? {} : { search }) }
  const tokens = contextSize(state, ports).contextTokens
  const { print: prefix, breaks, continues } = beginningOf(state, whole, startedAt, ports.model)
  const request = continues === undefined ? whole : { ...whole, continues }
  const why = { ...(breaks.length === 0 ? {} : { breaks }), ...(continues && { continues: continues.replyId }) }
  await ports.emit([
    ...told(state, wholeAgain(state.cache, model, continues), "info"),
    { type: "step.started", turnId, step, attempt, model, tokens, prefix, ...why },
  ])
  const reply = new Reply({ turnId, step, place: placeOf(state), allows: allowedBy(state), inputTokens: tokens }, ports)
  const end = async (drafts: readonly DurableDraft[], ended: Ended) => {
    const facts = factsOf(model, ports.model)
    const microUsd = facts === undefined ? undefined : costOf(ended.usage, facts)
    const cacheMiss = missOf(state.cache, breaks, ended.usage, facts?.cache)
    const durationMs = ports.clock.now() - startedAt
    const stepEnded = { type: "step.ended", turnId, step, model, ...ended, microUsd, cacheMiss, durationMs } as const
    await ports.emit([...drafts, stepEnded])
    const alerts = budgetAlerts(ports.weighed(), state.settings.limits)
    if (alerts.length > 0) await ports.emit(alerts)
    const { contextTokens, contextTokensMax } = contextSize(state, ports)
    const { usage, microUsd: total } = state
    ports.tell({ type: "usage.updated", usage, microUsd: total, contextTokens, contextTokensMax })
  }
  try {
    await readAll(ports.model.stream(request, ports.signal), reply, ports)
    const ended = reply.end()
    await reply.readied()
    await end(reply.rest(), ended)
  } catch (error) {
    // Text so far stays in the conversation as interrupted; calls that were being written never existed.
    if (ports.signal.aborted) {
      return end(reply.cut(), { outcome: "interrupted", stop: "interrupted", usage: reply.usage() })
    }
    const refusal = asSkeinError(error)
    const retryInMs = retryDelay(refusal, attempt - turn.attemptsBefore, ports.random.fraction(), ports.retry)
    const limitMs = retryInMs === undefined ? limitLeft(refusal, ports.retry) : undefined
    const { code, message } = refusal
    const usage = reply.hasBegun ? reply.usage() : undefined
    const microUsd = usage === undefined ? undefined : priceOf(usage, model, ports.model)
    await ports.emit([
      ...reply.cut(),
      { type: "step.discarded", turnId, step, attempt, code, message, retryInMs, limitMs, usage, microUsd },
    ])
    // A wait is told when it begins; without one the next attempt follows at once.
    if (retryInMs !== 0) return
    const atMs = ports.clock.now()
    ports.tell({ type: "retry.scheduled", turnId, step, attempt: attempt + 1, code, message, atMs })
  }
}

/** Once: what cannot be searched now could not be searched before. */
function told({ items }: SessionState, text: string | undefined, level: "info" | "warning"): DurableDraft[] {
  if (text === undefined || items.some((item) => item.kind === "notice" && item.text === text)) return []
  return [{ type: "notice.posted", level, text }]
}

/** What the person ran meanwhile is read with the next request, after the results that were waited for. */
function joining({ shellsWaiting }: SessionState, turnId: TurnId): DurableDraft[] {
  const callIds = shellsWaiting.map(({ callId }) => callId)
  return callIds.length === 0 ? [] : [{ type: "shell.joined", turnId, callIds }]
}

type Ended = Omit<Extract<DurableDraft, { type: "step.ended" }>, "type" | "turnId" | "step" | "model" | "durationMs">

/** Every burst as it comes. A stream that does not stop at the signal is left behind. */
async function readAll(
  stream: AsyncIterable<readonly ModelChunk[]>,
  reply: Reply,
  { signal, clock }: TurnPorts,
): Promise<void> {
  const bursts = stream[Symbol.asyncIterator]()
  const watch = leaving(signal, clock)
  try {
    for (;;) {
      const next = await watch.wait(bursts.next())
      if (next.done === true) return
      await reply.take(next.value)
    }
  } finally {
    watch.end()
  }
}

/** Only what the world refused is part of a turn's story; a defect of ours ends it loudly. */
function asSkeinError(error: unknown): SkeinError {
  if (error instanceof SkeinError) return error
  throw error
}
