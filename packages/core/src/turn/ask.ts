import { SkeinError } from "@skein/protocol"
import { costOf } from "../context/cost.ts"
import { buildRequest } from "../context/request.ts"
import { contextSize } from "../context/size.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "./ports.ts"
import { Reply } from "./reply.ts"
import { retryDelay } from "./retry.ts"

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
  const { model } = state.settings
  const startedAt = ports.clock.now()
  const request = buildRequest(state, ports.tools)
  const tokens = contextSize(state, ports).contextTokens
  await ports.emit([{ type: "step.started", turnId, step, attempt, model, tokens }])
  const reply = new Reply({ turnId, step, cwd: state.created.workspace.path, inputTokens: tokens }, ports)
  try {
    for await (const burst of ports.model.stream(request, ports.signal)) await reply.take(burst)
    const ended = reply.end()
    const microUsd = costOf(ended.usage, ports.model.describe(model))
    const durationMs = ports.clock.now() - startedAt
    await ports.emit([...reply.rest(), { type: "step.ended", turnId, step, ...ended, microUsd, durationMs }])
    ports.tell({ type: "usage.updated", usage: state.usage, microUsd: state.microUsd, ...sizeOf(state, ports) })
  } catch (error) {
    if (ports.signal.aborted) return interrupt(reply, { turnId, step, startedAt }, ports)
    const refusal = asSkeinError(error)
    const retryInMs = retryDelay(refusal, attempt, ports.random.fraction(), ports.retry)
    const { code, message } = refusal
    await ports.emit([...reply.cut(), { type: "step.discarded", turnId, step, attempt, code, message, retryInMs }])
    if (retryInMs === undefined) return
    const atMs = ports.clock.now() + retryInMs
    ports.tell({ type: "retry.scheduled", turnId, step, attempt: attempt + 1, code, message, atMs })
  }
}

/** Text so far stays in the conversation as interrupted; calls that were being written never existed. */
async function interrupt(
  reply: Reply,
  {
    turnId,
    step,
    startedAt,
  }: { readonly turnId: OpenTurn["turnId"]; readonly step: number; readonly startedAt: number },
  ports: TurnPorts,
): Promise<void> {
  const durationMs = ports.clock.now() - startedAt
  const usage = reply.usage()
  await ports.emit([
    ...reply.cut(),
    { type: "step.ended", turnId, step, outcome: "interrupted", stop: "interrupted", usage, durationMs },
  ])
}

function sizeOf(state: SessionState, ports: TurnPorts) {
  const { contextTokens, contextTokensMax } = contextSize(state, ports)
  return { contextTokens, contextTokensMax }
}

/** Only what the world refused is part of a turn's story; a defect of ours ends it loudly. */
function asSkeinError(error: unknown): SkeinError {
  if (error instanceof SkeinError) return error
  throw error
}
