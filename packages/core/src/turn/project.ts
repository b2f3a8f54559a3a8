import { type DurableDraft, type DurableEvent, EVENT_VERSION, type Usage } from "@skein/protocol"
import type { ClockPort, ModelChunk, RandomPort, TokensPort } from "../ports/index.ts"
import { Reply } from "./reply.ts"

export interface ProjectPorts {
  readonly clock: ClockPort
  readonly random: RandomPort
  readonly tokens: TokensPort
}

/** A captured reply as the events of one step, without a turn around it. */
export interface Projection {
  readonly events: readonly DurableEvent[]
  readonly usage: Usage
  readonly stop: string
}

/**
 * What a reply becomes in a session's log, for looking at: the items as they ended and the calls as they were asked for, of
 * which nothing is run. What only its provider can read is left out (FEATURES PROV-22). Throws SkeinError where the
 * reply is not whole.
 */
export async function projected(bursts: Iterable<readonly ModelChunk[]>, ports: ProjectPorts): Promise<Projection> {
  const { clock, random } = ports
  const drafts: DurableDraft[] = []
  const turnId = random.id("trn")
  const facts = { turnId, step: 1, place: { cwd: "/" }, allows: () => true, inputTokens: 0 }
  const reply = new Reply(facts, {
    ...ports,
    tools: { list: () => [], describe: (name) => ({ title: name, kind: "other", locations: [] }) },
    emit: async (more) => void drafts.push(...more),
    tell: () => undefined,
  })
  for (const burst of bursts) await reply.take(burst)
  const { outcome, stop, usage, requestId } = reply.end()
  drafts.push(...reply.rest())
  drafts.push({ type: "step.ended", turnId, step: 1, outcome, stop, usage, requestId, durationMs: 0 })
  const sessionId = random.id("ses")
  const events = drafts.map((draft, at): DurableEvent => {
    const envelope = { v: EVENT_VERSION, seq: at + 1, id: random.id("evt"), at: clock.now(), sessionId }
    const { providerData: _, ...kept } = { providerData: undefined, ...draft }
    return { ...envelope, ...kept } as DurableEvent
  })
  return { events, usage, stop }
}
