import { type DurableDraft, type FileChange, SkeinError, type TurnOutcome } from "@skein/protocol"
import { boundedDiffs } from "../approval/question.ts"
import { changedFiles, recordLayer } from "../calls/record.ts"
import { dropped } from "../calls/trial.ts"
import { madeSection } from "../context/section.ts"
import { sha256 } from "../context/sha256.ts"
import type { Layer } from "../ports/index.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import type { Question, TurnPorts } from "./ports.ts"

/** A turn whose calls all work in one layer, which a person keeps or drops as a whole at its end. */
export interface DryRun {
  /** The turn's ports, with the layer. */
  readonly ports: TurnPorts
  /** Asks, and does as the person says. An interrupt drops it. */
  end(outcome: TurnOutcome): Promise<void>
  /** Whatever happened: nothing is left. */
  drop(): Promise<void>
}

/** Or why this machine cannot: then no call may run. */
export async function beginDryRun(state: SessionState, ports: TurnPorts): Promise<DryRun | SkeinError> {
  const isResumed = (state.turn?.stepsEnded ?? 0) > 0
  const layer = await opened(state, ports)
  if (layer instanceof SkeinError) return layer
  if (isResumed) await tell(state, ports, "warning", LOST)
  let isOver = false
  return {
    ports: { ...ports, layer },
    async end(outcome) {
      const isKept = await settle(state, layer, outcome, ports)
      isOver = isKept
    },
    async drop() {
      if (!isOver) await dropped(layer, { state }, ports)
    },
  }
}

async function opened(state: SessionState, { layers }: TurnPorts): Promise<Layer | SkeinError> {
  try {
    return await layers.open(rootsOf(state))
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
}

const LOST = "Skein was stopped during this dry run. What its calls had changed before is gone; nothing of it was kept."

/** Whether the layer was kept. */
async function settle(state: SessionState, layer: Layer, outcome: TurnOutcome, ports: TurnPorts): Promise<boolean> {
  const [changes, notes] = [await layer.changes(), await layer.notes()]
  if (changes.length === 0) {
    if (notes.length > 0)
      await tell(state, ports, "info", `The dry run changed nothing that is kept. ${notes.join(" ")}`)
    return false
  }
  const isStopped = outcome.kind === "interrupted" || ports.signal.aborted
  const isWanted = !isStopped && (await isAllowed(state, changes, notes, ports))
  if (!isWanted) {
    await tell(state, ports, "info", `The dry run was dropped: ${countOf(changes)} not changed.`)
    return false
  }
  return await kept(state, layer, ports)
}

async function isAllowed(
  state: SessionState,
  changes: readonly FileChange[],
  notes: readonly string[],
  ports: TurnPorts,
): Promise<boolean> {
  const question: Question = {
    type: "approval.requested",
    approvalId: ports.random.id("apr"),
    subject: "effects",
    actions: [{ verb: "keep", target: countOf(changes) }],
    digest: sha256(JSON.stringify(changes.map(({ path, before, after }) => [path, before, after]))),
    reasons: ["this turn was a dry run: nothing of it is in the folders yet", ...notes],
    cwd: state.created.workspace.path,
    effects: { changes: boundedDiffs(changes), network: [], output: "" },
    options: ["allow_once", "reject_once"],
  }
  try {
    const { resolved } = await ports.ask(question, ports.signal, () => "ask")
    return resolved.answer === "allow_once"
  } catch (error) {
    if (ports.signal.aborted) return false
    throw error
  }
}

/** Recorded as what the turn's last call did, so that it is taken back like anything else. */
async function kept(state: SessionState, layer: Layer, ports: TurnPorts): Promise<boolean> {
  const turnId = state.turn?.turnId
  const call = state.items.findLast((item) => item.kind === "tool_call" && item.turnId === turnId)
  if (turnId === undefined || call?.kind !== "tool_call") throw new Error("A dry run changes files by calls only")
  const { sessionId } = state
  const watch = await ports.checkpoints.watch({ sessionId, roots: rootsOf(state), signal: ports.signal })
  try {
    const resources = changedFiles(await layer.changes())
    await recordLayer(state, "layer.keep", { turnId, callId: call.callId, resources }, ports)
    await layer.keep()
    return true
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    await tell(state, ports, "error", `The dry run could not be kept. ${error.message}`)
    return false
  } finally {
    const { changes, notCovered } = await watch.settle()
    if (changes.length > 0) {
      await ports.emit([
        { type: "files.changed", turnId, callId: call.callId, changes: [...changes], notCovered: [...notCovered] },
      ])
    }
    watch.recorded?.()
  }
}

/** The person, and the model: what it saw happen is not the case. */
async function tell(
  { turn }: SessionState,
  { emit, tokens }: TurnPorts,
  level: "info" | "warning" | "error",
  text: string,
): Promise<void> {
  const drafts: DurableDraft[] = [{ type: "notice.posted", level, text }]
  if (turn !== undefined) {
    const sections = [madeSection("dry_run", `${text} Files are as they were before.`, tokens)]
    drafts.push({ type: "context.loaded", placement: "inline", cause: "changed", sections })
  }
  await emit(drafts)
}

function countOf({ length }: readonly FileChange[]): string {
  return length === 1 ? "1 file" : `${length} files`
}
