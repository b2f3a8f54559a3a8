import type {
  CheckpointSummary,
  DurableEvent,
  RewindPreview,
  RewindScope,
  RewindTarget,
  TreeTurn,
  TurnId,
} from "@skein/protocol"
import type { CheckpointsPort } from "../ports/index.ts"
import { lineage, rewindsOf, rising } from "../transcript/lineage.ts"
import { fileRecords, notCovered, notRecorded, restoreSteps } from "./files.ts"
import { destination } from "./target.ts"
import { treeOf } from "./tree.ts"

/** The turns that changed files, newest first. */
export function checkpointsOf(events: readonly DurableEvent[]): readonly CheckpointSummary[] {
  const turns = new Map<string | undefined, TreeTurn>(treeOf(events).turns.map((turn) => [turn.turnId, turn]))
  const found = new Map<string, CheckpointSummary>()
  for (const record of fileRecords(events)) {
    if (record.type !== "files.changed") continue
    const turn = turns.get(record.turnId ?? newestBefore(events, record.seq))
    if (turn === undefined) continue
    const known = found.get(turn.turnId)
    const { turnId, beforeSeq, at, preview } = turn
    const paths = new Set([...(known?.paths ?? []), ...record.changes.map((change) => change.path)])
    const left = new Set([...(known?.notCovered ?? []), ...record.notCovered])
    found.set(turnId, { turnId, beforeSeq, at, preview, paths: [...paths], notCovered: [...left] })
  }
  return [...found.values()].filter(({ paths }) => paths.length > 0).toReversed()
}

/** A person's own command between turns is taken back with the turn it came after. */
function newestBefore(events: readonly DurableEvent[], seq: number): TurnId | undefined {
  const started = events.findLast((event) => event.seq < seq && event.type === "turn.started")
  return started?.type === "turn.started" ? started.turnId : undefined
}

/** What a rewind would do, of a session whose folder is at `path` now. Nothing is done. Throws SkeinError when there is no such place to go to. */
export async function previewRewind(
  events: readonly DurableEvent[],
  { to, scope }: { readonly to: RewindTarget; readonly scope: RewindScope },
  checkpoints: CheckpointsPort,
  path?: string,
): Promise<RewindPreview> {
  const { toSeq, scope: wanted } = destination(events, to, scope)
  const records = fileRecords(events, path)
  const isCode = wanted !== "chat"
  return {
    toSeq,
    turns: wanted === "code" ? [] : turnsBetween(events, toSeq),
    files: isCode ? await checkpoints.preview(restoreSteps(records, toSeq)) : [],
    notCovered: isCode ? [...notCovered(records, toSeq), ...notRecorded(events, toSeq)] : [],
  }
}

/** Turns that are in the conversation now or after event `toSeq`, and not in both. */
function turnsBetween(events: readonly DurableEvent[], toSeq: number): RewindPreview["turns"] {
  const rewinds = rewindsOf(events)
  const isNow = rising(lineage(rewinds, events.at(-1)?.seq ?? 0))
  const isThen = rising(lineage(rewinds, toSeq))
  return events.flatMap((event) => {
    const isMoved = isNow(event.seq) !== isThen(event.seq)
    return isMoved && event.type === "turn.started" ? [event.turnId] : []
  })
}
