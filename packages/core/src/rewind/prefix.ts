import { type DurableDraft, type DurableEvent, SkeinError, type TurnId } from "@skein/protocol"
import { fold } from "../transcript/fold.ts"
import { lineage, rewindsOf, rising } from "../transcript/lineage.ts"
import { ELSEWHERE } from "./target.ts"

/** What a fork begins with: an event as it happened, without its place in another log. */
export type Copied = DurableDraft & { readonly at: number }

export interface Prefix {
  /** The last event that is taken along. */
  readonly seq: number
  readonly events: readonly Copied[]
}

/** What belongs to the whole session, whichever branch it happened on: there is one workspace, too. */
const OF_THE_SESSION: ReadonlySet<string> = new Set([
  "settings.changed",
  "rule.added",
  "goal.changed",
  "files.changed",
  "files.restored",
])
/** Ops are known to the session they were sent to, and branches and children are its own. */
const LEFT: ReadonlySet<string> = new Set([
  ...["session.created", "session.rewound", "op.accepted", "session.changed"],
  ...["subagent.started", "subagent.ended"],
])

/**
 * The conversation of a session as it stands, or up to the end of a turn, for a session of its own. Queued input, open
 * questions and running work stay where they are. Throws SkeinError when there is no such turn.
 */
export function prefixOf(events: readonly DurableEvent[], throughTurnId: TurnId | undefined): Prefix {
  const seq = throughTurnId === undefined ? (events.at(-1)?.seq ?? 0) : endOf(events, throughTurnId)
  const isAlive = rising(lineage(rewindsOf(events), seq))
  const taken = events.filter(
    (event) => event.seq <= seq && !LEFT.has(event.type) && (isAlive(event.seq) || OF_THE_SESSION.has(event.type)),
  )
  const ofChildren = new Set(
    events.flatMap((event) =>
      event.type === "approval.requested" && event.agent !== undefined ? [event.approvalId] : [],
    ),
  )
  const waiting = new Set(fold(events.filter((event) => event.seq <= seq)).queue.map(({ inputId }) => inputId))
  const isLeft = (event: DurableEvent) =>
    ("inputId" in event && event.inputId !== undefined && waiting.has(event.inputId)) ||
    ("approvalId" in event && ofChildren.has(event.approvalId))
  return { seq, events: taken.filter((event) => !isLeft(event)).map(bare) }
}

function endOf(events: readonly DurableEvent[], turnId: TurnId): number {
  const ended = events.find((event) => event.type === "turn.ended" && event.turnId === turnId)
  if (ended !== undefined) return ended.seq
  throw new SkeinError("op.invalid", `There is no turn ${turnId} in this session that has ended.`)
}

function bare(event: DurableEvent): Copied {
  const { v: _v, seq: _seq, id: _id, sessionId: _session, causedBy: _op, ...copied } = event
  // Its place is one in another log: here it is nothing that could be redone.
  return copied.type === "files.restored" ? { ...copied, toSeq: ELSEWHERE } : copied
}
