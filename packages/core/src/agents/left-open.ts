import type { DurableDraft, DurableEvent, TurnOutcome } from "@skein/protocol"
import { SkeinError } from "@skein/protocol"
import { CUT_BY_CRASH } from "../calls/interruption.ts"
import type { EnginePorts } from "../session/ports.ts"
import { waitsForPerson } from "../session/resume.ts"
import type { ChildRecord } from "../transcript/beside.ts"
import { fold } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import { isApartFrom } from "./apart.ts"
import { endOf } from "./ended.ts"
import { Tally } from "./tally.ts"

/**
 * The ends of children that nobody saw end, as their own logs say (CORE 7). One that waited for a person goes on waiting: it
 * asks again when somebody is there to answer.
 */
export async function leftOpen(
  state: SessionState,
  ports: Pick<EnginePorts, "logs" | "onDefect">,
): Promise<readonly DurableDraft[]> {
  const drafts: DurableDraft[] = []
  for (const record of state.children.values()) {
    if (record.ended !== undefined) continue
    const events = await eventsOf(record, ports)
    if (isWaiting(events)) continue
    drafts.push(...leftEnd(record, events, state))
  }
  return drafts
}

/** One whose session was not made, or is gone, said nothing. */
async function eventsOf({ sessionId }: ChildRecord, { logs, onDefect }: Pick<EnginePorts, "logs" | "onDefect">) {
  try {
    return await logs.read(sessionId)
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    if (error.code !== "session.not_found") onDefect(error)
    return []
  }
}

function isWaiting(events: readonly DurableEvent[]): boolean {
  return events.length > 0 && waitsForPerson(fold(events))
}

function leftEnd(record: ChildRecord, events: readonly DurableEvent[], parent: SessionState): readonly DurableDraft[] {
  const { startedAt } = record
  const tally = new Tally()
  const from = events.findLastIndex(({ type }) => type === "turn.started")
  const own = from < 0 || (events[from]?.at ?? 0) < startedAt ? [] : events.slice(from)
  for (const event of own) tally.take(event)
  const outcome: TurnOutcome = tally.outcome ?? { kind: "interrupted", message: CUT_BY_CRASH }
  const durationMs = Math.max(0, (own.at(-1)?.at ?? startedAt) - startedAt)
  const [created] = events
  const isApart = created?.type === "session.created" && isApartFrom(parent, created.workspace)
  return endOf(record, tally, { outcome, durationMs, isApart })
}
