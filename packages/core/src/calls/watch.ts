import type { DurableDraft, ToolCall } from "@skein/protocol"
import type { CallPlan } from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"

/** Where a command without a sandbox can write besides. */
const UNWATCHED = "Outside the session's folders nothing was watched: commands run without a sandbox."

/**
 * Begins to watch what a call may change, before it starts. The answer tells, once it is over, what it did change: for the
 * log, so that it can be taken back whichever tool did it.
 */
export async function watched(
  state: SessionState,
  { turnId, callId }: ToolCall,
  plan: CallPlan,
  ports: Pick<TurnPorts, "checkpoints" | "signal">,
): Promise<() => Promise<DurableDraft[]>> {
  const paths = exactPaths(plan)
  const { sessionId } = state
  const watch = await ports.checkpoints.watch({ sessionId, roots: rootsOf(state), paths, signal: ports.signal })
  return async () => {
    const { changes, notCovered } = await watch.settle()
    const isOpen = paths === undefined && state.settings.sandbox === "full-access"
    const left = isOpen ? [...notCovered, UNWATCHED] : notCovered
    // Where nothing was watched nothing is seen to change: that is told, or an undo would seem to have been complete.
    if (changes.length + left.length === 0) return []
    return [{ type: "files.changed", turnId, callId, changes, notCovered: left }]
  }
}

/** The paths a call says it writes; undefined when it may write others. */
function exactPaths({ effects }: CallPlan): readonly string[] | undefined {
  const paths: string[] = []
  for (const effect of effects) {
    if (effect.kind === "write") paths.push(...effect.paths)
    else if (effect.kind === "execute" || effect.kind === "delegate" || effect.kind === "unknown") return undefined
  }
  return paths
}
