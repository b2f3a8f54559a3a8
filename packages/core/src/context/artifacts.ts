import type { ApprovalId, CallId, DurableEvent, SessionId, TurnId } from "@skein/protocol"
import { fold } from "../transcript/fold.ts"
import { lineage, rewindsOf, rising } from "../transcript/lineage.ts"
import { openCalls } from "../transcript/open.ts"
import type { SessionState } from "../transcript/state.ts"
import { digest } from "./digest.ts"
import { ledgerOf } from "./ledger.ts"
import { summaryOf } from "./relief.ts"
import { sha256, utf8Bytes } from "./sha256.ts"

/** Points at an event of a session's log without saying anything of what it holds. */
export interface EventReference {
  readonly seq: number
  readonly type: DurableEvent["type"]
}

/**
 * All that another program needs to take a session up where its log ends, without a word of what was said in it: numbers,
 * ids, references and hashes. The same log gives the same bytes.
 */
export interface ReplaySeed {
  readonly kind: "replay-seed"
  readonly version: 1
  readonly artifactId: string
  readonly sessionId: SessionId
  /** The newest event that it covers. */
  readonly seq: number
  readonly counts: Readonly<Record<string, number>>
  readonly openTurn: TurnId | null
  readonly openCalls: readonly CallId[]
  readonly openApprovals: readonly ApprovalId[]
  readonly queued: number
  /** Where the state has its parts from: the newest event of each type, in order of the log. */
  readonly references: readonly EventReference[]
  /** SHA-256 of each part of the folded state, so that two folds can be compared part by part. */
  readonly stateHashes: Readonly<Record<string, string>>
}

/** A text that sums a session up, and the events it stands for. */
export interface SemanticSummary {
  readonly kind: "semantic-summary"
  readonly version: 1
  readonly artifactId: string
  readonly sessionId: SessionId
  readonly seq: number
  /** Where the text came from. */
  readonly source: "session" | "file" | "model"
  readonly text: string
  readonly bytes: number
  readonly sha256: string
  /** The turns' first and last events that the text stands for. */
  readonly covers: readonly { readonly turnId: TurnId; readonly fromSeq: number; readonly toSeq: number }[]
  /** Summaries in the log that it builds on. */
  readonly references: readonly EventReference[]
}

/** `events` are the whole log, in order. Throws when the first is not `session.created`. */
export function replaySeed(events: readonly DurableEvent[], artifactId: string): ReplaySeed {
  const state = fold(events)
  const counts = new Map<string, number>()
  const newest = new Map<string, EventReference>()
  for (const { type, seq } of events) {
    counts.set(type, (counts.get(type) ?? 0) + 1)
    newest.set(type, { seq, type })
  }
  return {
    ...{ kind: "replay-seed", version: 1, artifactId, sessionId: state.sessionId, seq: state.seq },
    counts: Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    openTurn: state.turn?.turnId ?? null,
    openCalls: openCalls(state),
    openApprovals: [...state.approvals.keys()],
    queued: state.queue.length,
    references: [...newest.values()].toSorted((a, b) => a.seq - b.seq),
    stateHashes: stateHashes(state),
  }
}

/** `text` sums up what `events`, the whole log, hold. */
export function semanticSummary(
  events: readonly DurableEvent[],
  { artifactId, text, source }: Pick<SemanticSummary, "artifactId" | "text" | "source">,
): SemanticSummary {
  const [first] = events
  if (first === undefined) throw new Error("A log starts with session.created")
  return {
    ...{ kind: "semantic-summary", version: 1, artifactId, sessionId: first.sessionId },
    seq: events.at(-1)?.seq ?? 0,
    ...{ source, text, bytes: utf8Bytes(text), sha256: sha256(text) },
    covers: turnsOf(current(events)),
    references: current(events)
      .filter((event) => event.type === "context.compacted" && event.summary !== undefined)
      .map(({ seq, type }) => ({ seq, type })),
  }
}

/** A whole session in one text by rule: its newest summary, the person's words, what was done since. Needs no model. */
export function sessionText(events: readonly DurableEvent[]): string {
  const state = fold(events)
  const { text } = ledgerOf(state.said, state.restored, PART_CHARS)
  const parts = [summaryOf(state), state.said.length === 0 ? undefined : text, digest(state.items, PART_CHARS)]
  return parts.filter((part) => part !== undefined && part !== "").join("\n\n")
}

const PART_CHARS = 16_000

/** The events that the conversation as it stands is made of: no branch that was left. */
function current(events: readonly DurableEvent[]): readonly DurableEvent[] {
  const isCurrent = rising(lineage(rewindsOf(events), events.at(-1)?.seq ?? 0))
  return events.filter(({ seq }) => isCurrent(seq))
}

function turnsOf(events: readonly DurableEvent[]): SemanticSummary["covers"] {
  const turns = new Map<TurnId, { turnId: TurnId; fromSeq: number; toSeq: number }>()
  for (const event of events) {
    if (!("turnId" in event) || event.turnId === undefined) continue
    const turn = turns.get(event.turnId)
    if (turn !== undefined) turn.toSeq = event.seq
    else turns.set(event.turnId, { turnId: event.turnId, fromSeq: event.seq, toSeq: event.seq })
  }
  return [...turns.values()]
}

/** SHA-256 of each part of a state, without what only saves work: places in lists, and counts of requests. */
export function stateHashes(state: SessionState): Record<string, string> {
  const { callAt: _, past: __, ...parts } = state
  // A part that is not there and one that holds nothing are the same.
  const hashed = Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([part, value]) => [part, sha256(JSON.stringify(value, plain))] as const)
  return Object.fromEntries(hashed.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function plain(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value
}
