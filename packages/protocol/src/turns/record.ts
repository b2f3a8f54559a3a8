import type { FileChange } from "../content.ts"
import type { PathChange } from "../events/files.ts"
import type { DurableEvent, EventOf } from "../events/index.ts"
import type { TurnOutcome } from "../events/turn.ts"
import type { CallId, TurnId } from "../ids.ts"

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
    /** Changes whose lines are not among them: a command tells none. */
    readonly uncounted: readonly { readonly callId: CallId; readonly path: string }[]
  }
  /** The newest of each command, in the order they ended. Of very many only those that failed are all kept. */
  readonly checks: readonly TurnCheck[]
  /** Shell lines of calls that are not settled. */
  readonly running: readonly RunningLine[]
}

interface RunningLine {
  readonly callId: CallId
  readonly command: string
  /** It was judged to be one when it began. */
  readonly isCheck: boolean
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

export function turnBegun({ turnId, at }: Pick<EventOf<"turn.started">, "turnId" | "at">): TurnRecord {
  const changed = { paths: [], added: 0, removed: 0, uncounted: [] }
  return { turnId, startedAt: at, steps: 0, outputTokens: 0, changed, checks: [], running: [] }
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
      return lineOf(turn, event.callId) === undefined ? turn : withCommand(turn, event.callId, event.input)
    case "call.started": {
      const { callId, isCheck = false } = event
      return { ...turn, running: turn.running.map((line) => (line.callId === callId ? { ...line, isCheck } : line)) }
    }
    case "files.changed": {
      const isOfCheck = lineOf(turn, event.callId)?.isCheck === true
      // What a check makes (a report, what it built) is no edit; what it makes anew of a file that was there is one.
      const files = event.changes.filter((change) => isFile(change) && !(isOfCheck && change.before === null))
      return files.length === 0 ? turn : uncounted(edited(turn, files), event.callId, files)
    }
    case "files.restored":
      return event.changes.some(isFile) ? { ...turn, checks: turn.checks.map(stale) } : turn
    case "call.settled":
      return settled(turn, event)
    case "turn.ended":
      return { ...turn, end: { at: event.at, outcome: event.outcome } }
    default:
      return turn
  }
}

function isFile({ before, after }: PathChange): boolean {
  return (after ?? before)?.kind !== "folder"
}

function lineOf(turn: TurnRecord, callId: CallId): RunningLine | undefined {
  return turn.running.find((line) => line.callId === callId)
}

function spent(
  turn: TurnRecord,
  { usage, microUsd }: Pick<EventOf<"step.discarded">, "usage" | "microUsd">,
): TurnRecord {
  const outputTokens = turn.outputTokens + (usage?.output ?? 0)
  return { ...turn, outputTokens, microUsd: microUsd === undefined ? turn.microUsd : (turn.microUsd ?? 0) + microUsd }
}

/** All of the line, not the part of it that a title shows. */
function withCommand(turn: TurnRecord, callId: CallId, input: unknown): TurnRecord {
  const others = turn.running.filter((call) => call.callId !== callId)
  const isLine = typeof input === "object" && input !== null && "command" in input
  const command = isLine && typeof input.command === "string" ? input.command : ""
  return { ...turn, running: [...others, { callId, command, isCheck: false }] }
}

function settled(before: TurnRecord, event: EventOf<"call.settled">): TurnRecord {
  const { callId, exitCode, outcome } = event
  // What was written again as it was has not changed.
  const changes = (event.changes ?? []).filter(({ before: was, after: is }) => was === null || was !== is)
  const line = lineOf(before, callId)
  const running = line === undefined ? before.running : before.running.filter((other) => other !== line)
  const turn = { ...before, running }
  const after = changes.length === 0 ? turn : withLines(edited(turn, changes), callId, changes)
  if (line?.isCheck !== true || exitCode === undefined || outcome === "cancelled") return after
  const { command } = line
  const others = after.checks.filter((check) => check.command !== command)
  return { ...after, checks: bounded([...others, { command, exitCode, isStale: false }]) }
}

const CHECKS_MAX = 50

/** One that failed is never let go: what went well after it does not mend it. */
function bounded(checks: readonly TurnCheck[]): readonly TurnCheck[] {
  if (checks.length <= CHECKS_MAX) return checks
  const oldest = checks.findIndex(({ exitCode }) => exitCode === 0)
  return checks.filter((_, at) => at !== oldest)
}

function edited(turn: TurnRecord, changes: readonly { readonly path: string }[]): TurnRecord {
  const paths = [...new Set([...turn.changed.paths, ...changes.map(({ path }) => path)])]
  return { ...turn, changed: { ...turn.changed, paths }, checks: turn.checks.map(stale) }
}

function stale(check: TurnCheck): TurnCheck {
  return check.isStale ? check : { ...check, isStale: true }
}

/** Until the call says itself which lines these were. */
function uncounted(turn: TurnRecord, callId: CallId, files: readonly { readonly path: string }[]): TurnRecord {
  const { changed } = turn
  return {
    ...turn,
    changed: { ...changed, uncounted: [...changed.uncounted, ...files.map(({ path }) => ({ callId, path }))] },
  }
}

function withLines(turn: TurnRecord, callId: CallId, changes: readonly FileChange[]): TurnRecord {
  let { added, removed } = turn.changed
  for (const change of changes) {
    const lines = countLines(change)
    added += lines.added
    removed += lines.removed
  }
  const isOther = (one: { callId: CallId; path: string }) =>
    one.callId !== callId || !changes.some(({ path }) => path === one.path)
  const others = {
    ...turn,
    changed: { ...turn.changed, added, removed, uncounted: turn.changed.uncounted.filter(isOther) },
  }
  return uncounted(
    others,
    callId,
    changes.filter(({ diff }) => diff === undefined),
  )
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
