import type { FileChange } from "../content.ts"
import type { PathChange } from "../events/files.ts"
import type { DurableEvent, EventOf } from "../events/index.ts"
import type { TurnOutcome } from "../events/turn.ts"
import type { CallId, ProcessId, SessionId, TurnId } from "../ids.ts"

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
    /** Changes whose lines are not among them: a command tells none, and neither does a child. */
    readonly uncounted: readonly { readonly by: CallId | SessionId; readonly path: string }[]
  }
  /** The newest of each command, in the order they ended. Of very many only those that failed are all kept. */
  readonly checks: readonly TurnCheck[]
  /** Shell lines of calls that are not settled, and of checks that go on beside the turn. */
  readonly running: readonly RunningLine[]
}

interface RunningLine {
  readonly callId: CallId
  readonly command: string
  /** It was judged to be one when it began. */
  readonly isCheck: boolean
  /** Something was changed since it began: what it looked at may be how things were before. */
  readonly isStale: boolean
  /** It outlasts its call: its end is the process's. */
  readonly processId?: ProcessId | undefined
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
      return withLine(turn, callId, { isCheck, isStale: false })
    }
    case "process.started":
      return lineOf(turn, event.callId)?.isCheck === true
        ? withLine(turn, event.callId, { processId: event.processId })
        : turn
    case "process.controlled": {
      // Whoever types into a check, or signals it, has a part in how it ends.
      const line = event.action.kind === "resize" ? undefined : processOf(turn, event.processId)
      return line === undefined ? turn : { ...turn, running: turn.running.filter((other) => other !== line) }
    }
    case "process.exited":
      return exited(turn, event)
    case "files.changed": {
      const isOfCheck = lineOf(turn, event.callId)?.isCheck === true
      // What a check makes (a report, what it built) is no edit; what it makes anew of a file that was there is one.
      const files = event.changes.filter((change) => isFile(change) && !(isOfCheck && change.before === null))
      return files.length === 0 ? turn : uncounted(edited(turn, files, event.callId), event.callId, files)
    }
    case "files.restored":
      return event.changes.some(isFile) ? outdated(turn) : turn
    case "subagent.ended": {
      // A tree of its own is not this one: what is taken over from it is a call's change.
      const files = event.isApart === true ? [] : event.changedPaths.map((path) => ({ path }))
      return files.length === 0 ? turn : uncounted(edited(turn, files), event.childSessionId, files)
    }
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

function processOf(turn: TurnRecord, processId: ProcessId): RunningLine | undefined {
  return turn.running.find((line) => line.processId === processId)
}

function withLine(turn: TurnRecord, callId: CallId, facts: Partial<RunningLine>): TurnRecord {
  return { ...turn, running: turn.running.map((line) => (line.callId === callId ? { ...line, ...facts } : line)) }
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
  return { ...turn, running: [...others, { callId, command, isCheck: false, isStale: false }] }
}

function settled(before: TurnRecord, event: EventOf<"call.settled">): TurnRecord {
  const { callId, exitCode, outcome } = event
  // What was written again as it was has not changed.
  const changes = (event.changes ?? []).filter(({ before: was, after: is }) => was === null || was !== is)
  const line = lineOf(before, callId)
  const isOver = line !== undefined && line.processId === undefined
  const turn = isOver ? { ...before, running: before.running.filter((other) => other !== line) } : before
  const after = changes.length === 0 ? turn : withLines(edited(turn, changes, callId), callId, changes)
  return isOver && exitCode !== undefined && outcome !== "cancelled" ? checked(after, line, exitCode) : after
}

/** One that nobody saw end, or that a signal ended, says nothing. */
function exited(before: TurnRecord, { processId, exitCode }: EventOf<"process.exited">): TurnRecord {
  const line = processOf(before, processId)
  if (line === undefined) return before
  const turn = { ...before, running: before.running.filter((other) => other !== line) }
  return exitCode === undefined ? turn : checked(turn, line, exitCode)
}

function checked(turn: TurnRecord, { command, isCheck, isStale }: RunningLine, exitCode: number): TurnRecord {
  if (!isCheck) return turn
  const others = turn.checks.filter((check) => check.command !== command)
  return { ...turn, checks: bounded([...others, { command, exitCode, isStale }]) }
}

const CHECKS_MAX = 50

/** One that failed is never let go: what went well after it does not mend it. */
function bounded(checks: readonly TurnCheck[]): readonly TurnCheck[] {
  if (checks.length <= CHECKS_MAX) return checks
  const oldest = checks.findIndex(({ exitCode }) => exitCode === 0)
  return checks.filter((_, at) => at !== oldest)
}

/** What a check itself changes while it runs is no edit to it. */
function edited(turn: TurnRecord, changes: readonly { readonly path: string }[], by?: CallId): TurnRecord {
  const paths = [...new Set([...turn.changed.paths, ...changes.map(({ path }) => path)])]
  return { ...outdated(turn, by), changed: { ...turn.changed, paths } }
}

/** No check of what was before says anything of how things are now, and none that began before will. */
function outdated(turn: TurnRecord, by?: CallId): TurnRecord {
  const running = turn.running.map((line) => (line.callId === by ? line : stale(line)))
  return { ...turn, checks: turn.checks.map(stale), running }
}

function stale<Ran extends TurnCheck | RunningLine>(ran: Ran): Ran {
  return ran.isStale ? ran : { ...ran, isStale: true }
}

/** Until the call says itself which lines these were. */
function uncounted(turn: TurnRecord, by: CallId | SessionId, files: readonly { readonly path: string }[]): TurnRecord {
  const { changed } = turn
  return {
    ...turn,
    changed: { ...changed, uncounted: [...changed.uncounted, ...files.map(({ path }) => ({ by, path }))] },
  }
}

function withLines(turn: TurnRecord, callId: CallId, changes: readonly FileChange[]): TurnRecord {
  let { added, removed } = turn.changed
  for (const change of changes) {
    const lines = countLines(change)
    added += lines.added
    removed += lines.removed
  }
  const isOther = (one: { by: CallId | SessionId; path: string }) =>
    one.by !== callId || !changes.some(({ path }) => path === one.path)
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
