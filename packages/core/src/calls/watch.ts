import type { CallId, DurableDraft, ToolCall, TurnId } from "@skein/protocol"
import type { CallPlan } from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"

/** Where a command without a sandbox can write besides. */
const UNWATCHED = "Outside the session's folders nothing was watched: commands run without a sandbox."

export interface CallWatch {
  /** Once the call is over: what it did change, for the log, so that it can be taken back whichever tool did it. */
  changes(): Promise<DurableDraft[]>
  /** These changes are in the log. */
  recorded(): void
}

/** A person's own command that may change anything in the folders; without a sandbox, elsewhere too. */
export async function watchedCommand(
  state: SessionState,
  {
    turnId,
    callId,
    isOpen,
  }: { readonly turnId: TurnId | undefined; readonly callId: CallId; readonly isOpen: boolean },
  ports: Pick<TurnPorts, "checkpoints" | "signal">,
): Promise<CallWatch> {
  const { sessionId } = state
  const watch = await ports.checkpoints.watch({ sessionId, roots: rootsOf(state), signal: ports.signal })
  const changes = async (): Promise<DurableDraft[]> => {
    const watched = await watch.settle()
    const notCovered = isOpen ? [...watched.notCovered, UNWATCHED] : [...watched.notCovered]
    if (watched.changes.length === 0 && notCovered.length === 0) return []
    const whose = { ...(turnId === undefined ? {} : { turnId }), callId, isPersons: true }
    return [{ type: "files.changed", ...whose, changes: watched.changes, notCovered }]
  }
  return { changes, recorded: () => watch.recorded?.() }
}

/** Begins to watch what a call may change, before it starts. */
export async function watched(
  state: SessionState,
  { turnId, callId }: ToolCall,
  plan: CallPlan,
  ports: Pick<TurnPorts, "checkpoints" | "signal">,
): Promise<CallWatch> {
  const paths = exactPaths(plan)
  const { sessionId } = state
  const watch = await ports.checkpoints.watch({ sessionId, roots: rootsOf(state), paths, signal: ports.signal })
  const changes = async (): Promise<DurableDraft[]> => {
    const watched = await watch.settle()
    const { changes } = watched
    const isOpen = paths === undefined && state.settings.sandbox === "full-access"
    const notCovered = isOpen ? [...watched.notCovered, UNWATCHED] : watched.notCovered
    // Where nothing could be watched nothing is seen to change: that is told all the same, once in a turn.
    if (changes.length === 0 && isTold(state.turn, notCovered)) return []
    return [{ type: "files.changed", turnId, callId, changes, notCovered }]
  }
  return { changes, recorded: () => watch.recorded?.() }
}

const told = new WeakMap<OpenTurn, Set<string>>()

/** Whether all of these sentences were told in this turn. From here on they are. */
function isTold(turn: OpenTurn | undefined, sentences: readonly string[]): boolean {
  if (turn === undefined) return sentences.length === 0
  const known = told.get(turn) ?? new Set()
  const isKnown = sentences.every((sentence) => known.has(sentence))
  told.set(turn, new Set([...known, ...sentences]))
  return isKnown
}

/** The paths a call says it writes; undefined when it may write others. */
function exactPaths({ effects }: CallPlan): readonly string[] | undefined {
  const paths: string[] = []
  for (const effect of effects) {
    if (effect.kind === "write") paths.push(...effect.paths)
    else if (MAY_WRITE.has(effect.kind)) return undefined
  }
  return paths
}

const MAY_WRITE: ReadonlySet<CallPlan["effects"][number]["kind"]> = new Set([
  ...(["execute", "delegate", "remote", "unknown"] as const),
])
