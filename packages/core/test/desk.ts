import { type DurableDraft, type DurableEvent, SkeinError } from "@skein/protocol"
import {
  fakeClock,
  listen,
  memoryLogs,
  openSession,
  type ScriptedModel,
  submitText,
  testEngine,
  testPorts,
} from "@skein/testkit"
import { advance, fold, type SessionState } from "../src/index.ts"
import type { ModelPort } from "../src/ports/index.ts"
import { sessionsFor } from "../src/session/sessions.ts"
import { choosing } from "../src/session/tiers.ts"
import type { TurnPorts } from "../src/turn/ports.ts"
import { reopened } from "./reopened.ts"

const NOTHING_SPENT = { sessionMicroUsd: 0, dayMicroUsd: 0 }

type TestPorts = Parameters<typeof testPorts>[1]

/** A session between turns, and what one needs to work on it by hand: what is emitted is folded and kept. */
export interface Desk {
  readonly state: SessionState
  readonly ports: TurnPorts
  readonly log: DurableEvent[]
  /** Takes the turn's interrupt. */
  stop(): void
  emitted<T extends DurableEvent["type"]>(type: T): Extract<DurableEvent, { type: T }>[]
}

export function desk(log: readonly DurableEvent[], model: ModelPort, over: TestPorts = {}): Desk {
  const state = fold(log)
  const events = [...log]
  const aborting = new AbortController()
  const ports = testPorts(model, { clock: fakeClock({ isFast: true }), ...over })
  const { clock, random, tokens, tools, sources, policy, limits, retry, onDefect, checkpoints } = ports
  const unused = (): never => {
    throw new Error("Nothing asks here")
  }
  const turnPorts: TurnPorts = {
    ...{ model, tools, policy, sources, clock, random, tokens, limits, retry, onDefect, checkpoints },
    ...{
      audit: ports.audit,
      layers: ports.layers,
      ...choosing(state, ports),
      spent: () => NOTHING_SPENT,
      weighed: () => ({ before: NOTHING_SPENT, after: NOTHING_SPENT }),
      rules: () => [],
      isAttended: () => false,
    },
    sessions: sessionsFor(state, ports),
    signal: aborting.signal,
    emit: async (drafts) => {
      for (const draft of drafts) {
        const at = clock.now()
        const event = {
          ...draft,
          v: 1,
          seq: state.seq + 1,
          id: `evt_d${state.seq}`,
          at,
          sessionId: state.sessionId,
        } as DurableEvent
        advance(state, event)
        events.push(event)
      }
    },
    tell: () => undefined,
    flushSoon: () => undefined,
    settled: async () => undefined,
    ...{ ask: unused, askClient: unused, callSignal: unused },
  }
  return {
    ...{ state, ports: turnPorts, log: events },
    stop: () => aborting.abort(new SkeinError("call.cancelled", "Interrupted.")),
    emitted: <T extends DurableEvent["type"]>(type: T) =>
      events.filter((event): event is Extract<DurableEvent, { type: T }> => event.type === type),
  }
}

/** The log of a session in which these prompts were played to their ends. */
export async function talked(
  prompts: readonly string[],
  model: ModelPort,
  over: TestPorts = {},
): Promise<DurableEvent[]> {
  const logs = memoryLogs()
  const engine = testEngine(model, { ...over, logs })
  const session = await openSession(engine)
  for (const prompt of prompts) {
    await submitText(engine, session.id, prompt)
    await session.until("turn.ended")
  }
  await engine.close()
  return [...(await logs.read(session.id))]
}

/** A log that was left, and what these prompts then added to it. */
export async function continued(
  log: readonly DurableEvent[],
  prompts: readonly string[],
  model: ScriptedModel,
  over: TestPorts = {},
): Promise<DurableEvent[]> {
  const going = reopened(log, model, over)
  for (const prompt of prompts) {
    const session = listen(going.engine, going.id)
    await submitText(going.engine, going.id, prompt)
    await session.until("turn.ended")
  }
  await going.engine.close()
  return [...(await going.log())]
}

/** The same log with one more event at its end. */
export function then(log: readonly DurableEvent[], draft: DurableDraft): DurableEvent[] {
  const last = log.at(-1)
  if (last === undefined) throw new Error("A log that goes on has begun")
  const { v, at, sessionId, seq } = last
  // The envelope is what `DurableEvent` adds to a draft.
  return [...log, { ...draft, v, at, sessionId, seq: seq + 1, id: `evt_then${seq}` } as DurableEvent]
}
