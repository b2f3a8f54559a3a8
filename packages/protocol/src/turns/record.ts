import type { FileChange } from "../content.ts"
import type { DurableEvent, EventOf } from "../events/index.ts"
import type { TurnOutcome } from "../events/turn.ts"
import type { CallId, TurnId } from "../ids.ts"
import { isCheck } from "./is-check.ts"

/**
 * What a turn can show for itself, from its events alone: what it cost, what it changed, and which checks ran. Whoever shows a
 * turn's end says what stands here and nothing a model claims.
 */
export interface TurnRecord {
  readonly turnId: TurnId
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Absent while it goes on. */
  readonly end?: { readonly at: number; readonly outcome: TurnOutcome } | undefined
  /** The number of the newest. */
  readonly steps: number
  /** What the model wrote, thoughts and given-up attempts among it. What it read is the same conversation at every step. */
  readonly outputTokens: number
  /** Absent until a step had a price. */
  readonly microUsd?: number | undefined
  readonly changed: {
    /** Absolute, each once. */
    readonly paths: readonly string[]
    /** Lines, as far as they are known. */
    readonly added: number
    readonly removed: number
  }
  /** The newest of each command, in the order they ended. */
  readonly checks: readonly TurnCheck[]
  /** Commands that the settings named as checks when it began. */
  readonly named?: readonly string[] | undefined
  /** Shell lines of calls that are not settled. */
  readonly running: readonly { readonly callId: CallId; readonly command: string }[]
}

/** A command that tests, checks types, builds or lints, and has run to its end. */
export interface TurnCheck {
  readonly command: string
  readonly exitCode: number
  /** Something was changed since: it says nothing of how things are now. */
  readonly isStale: boolean
}

/** What there is to say of a check. Only `verified` says that things are as they should be. */
export function verdictOf({ exitCode, isStale }: TurnCheck): "verified" | "failed" | "stale" {
  if (isStale) return "stale"
  return exitCode === 0 ? "verified" : "failed"
}

/** `named`: commands that the settings say are checks. */
export function turnBegun(
  { turnId, at }: Pick<EventOf<"turn.started">, "turnId" | "at">,
  named: readonly string[] = [],
): TurnRecord {
  const changed = { paths: [], added: 0, removed: 0 }
  return {
    turnId,
    startedAt: at,
    steps: 0,
    outputTokens: 0,
    changed,
    checks: [],
    running: [],
    ...(named.length === 0 ? {} : { named }),
  }
}

/** The record after an event of its turn. */
export function turnAfter(turn: TurnRecord, event: DurableEvent): TurnRecord {
  switch (event.type) {
    case "step.started":
      return { ...turn, steps: event.step }
    case "step.ended":
    case "step.discarded":
      return spent(turn, event)
    case "call.requested":
      return event.kind === "execute" ? withCommand(turn, event.callId, event.input) : turn
    case "call.amended":
      return commandOf(turn, event.callId) === undefined ? turn : withCommand(turn, event.callId, event.input)
    case "files.changed": {
      const command = commandOf(turn, event.callId)
      // What a check writes (a report, what it built) is no edit.
      const isOutput = command !== undefined && isCheck(command, turn.named)
      const files = event.changes.filter(({ before, after }) => (after ?? before)?.kind !== "folder")
      return isOutput || files.length === 0 ? turn : edited(turn, files)
    }
    case "call.settled":
      return settled(turn, event)
    case "turn.ended":
      return { ...turn, end: { at: event.at, outcome: event.outcome } }
    default:
      return turn
  }
}

function spent(
  turn: TurnRecord,
  { usage, microUsd }: Pick<EventOf<"step.discarded">, "usage" | "microUsd">,
): TurnRecord {
  const outputTokens = turn.outputTokens + (usage?.output ?? 0)
  return { ...turn, outputTokens, microUsd: microUsd === undefined ? turn.microUsd : (turn.microUsd ?? 0) + microUsd }
}

function commandOf(turn: TurnRecord, callId: CallId): string | undefined {
  return turn.running.find((call) => call.callId === callId)?.command
}

/** All of the line, not the part of it that a title shows. */
function withCommand(turn: TurnRecord, callId: CallId, input: unknown): TurnRecord {
  const others = turn.running.filter((call) => call.callId !== callId)
  const isLine = typeof input === "object" && input !== null && "command" in input
  const command = isLine && typeof input.command === "string" ? input.command : ""
  return { ...turn, running: [...others, { callId, command }] }
}

function settled(before: TurnRecord, event: EventOf<"call.settled">): TurnRecord {
  const { callId, changes = [], exitCode, outcome } = event
  const command = commandOf(before, callId)
  const running = command === undefined ? before.running : before.running.filter((call) => call.callId !== callId)
  const turn = { ...before, running }
  const isKnown = command !== undefined && isCheck(command, turn.named)
  const hasCheck = isKnown && exitCode !== undefined && outcome !== "cancelled"
  const after = changes.length === 0 ? turn : withLines(edited(turn, changes), changes)
  if (!hasCheck) return after
  const others = after.checks.filter((check) => check.command !== command)
  return { ...after, checks: [...others, { command, exitCode, isStale: false }].slice(-CHECKS_MAX) }
}

const CHECKS_MAX = 4

function edited(turn: TurnRecord, changes: readonly { readonly path: string }[]): TurnRecord {
  const paths = [...new Set([...turn.changed.paths, ...changes.map(({ path }) => path)])]
  const checks = turn.checks.map((check) => ({ ...check, isStale: true }))
  return { ...turn, changed: { ...turn.changed, paths }, checks }
}

function withLines(turn: TurnRecord, changes: readonly FileChange[]): TurnRecord {
  let { added, removed } = turn.changed
  for (const change of changes) {
    const lines = countLines(change)
    added += lines.added
    removed += lines.removed
  }
  return { ...turn, changed: { ...turn.changed, added, removed } }
}

/** Lines that a unified diff adds and takes away. */
export function countLines({ diff = "" }: Pick<FileChange, "diff">): {
  readonly added: number
  readonly removed: number
} {
  let added = 0
  let removed = 0
  for (const line of diff.split("\n")) {
    if (line.startsWith("+") && !line.startsWith("+++")) added++
    else if (line.startsWith("-") && !line.startsWith("---")) removed++
  }
  return { added, removed }
}
