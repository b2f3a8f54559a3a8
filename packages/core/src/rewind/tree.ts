import type { DurableEvent, EventOf, InputPart, SessionTree, TreeTurn, TurnId } from "@skein/protocol"
import { lineage, rewindsOf, rising } from "../transcript/lineage.ts"

const PREVIEW_CHARS = 120

/** The conversation as a tree of turns: where a rewind went back, the next turn begins another branch. */
export function treeOf(events: readonly DurableEvent[]): SessionTree {
  const rewinds = rewindsOf(events)
  const isAlive = rising(lineage(rewinds, events.at(-1)?.seq ?? 0))
  const labels = new Map<TurnId, string>()
  const turns: TreeTurn[] = []
  const places = new Map<TurnId, number>()
  for (const event of events) {
    const isCurrent = isAlive(event.seq)
    if (event.type === "turn.labelled") labels.set(event.turnId, event.label)
    else if (event.type === "turn.started") {
      places.set(event.turnId, turns.length)
      turns.push({
        turnId: event.turnId,
        parentTurnId: newestAmong(turns, lineage(rewinds, event.seq - 1)),
        beforeSeq: event.seq - 1,
        endSeq: event.seq,
        at: event.at,
        preview: previewOf(event.input),
        isCurrent,
        filesChanged: 0,
      })
    } else if (event.type === "files.changed" || event.type === "turn.ended") {
      if (event.turnId !== undefined) changeTurn(turns, places.get(event.turnId), event)
    }
  }
  const labelled = turns.map((turn) => ({ ...turn, label: labels.get(turn.turnId) || undefined }))
  return { turns: labelled, current: labelled.findLast((turn) => turn.isCurrent)?.turnId }
}

function changeTurn(
  turns: TreeTurn[],
  at: number | undefined,
  event: EventOf<"files.changed"> | EventOf<"turn.ended">,
): void {
  const turn = at === undefined ? undefined : turns[at]
  if (at === undefined || turn === undefined) return
  if (event.type === "turn.ended") turns[at] = { ...turn, endSeq: event.seq }
  else turns[at] = { ...turn, filesChanged: turn.filesChanged + event.changes.length }
}

/** The newest turn whose beginning lies in these ranges. */
function newestAmong(turns: readonly TreeTurn[], ranges: ReturnType<typeof lineage>): TurnId | undefined {
  const isIn = (seq: number) => ranges.some((range) => range.from <= seq && seq <= range.to)
  return turns.findLast((turn) => isIn(turn.beforeSeq + 1))?.turnId
}

/** The start of what was said, on one line. */
export function previewOf(input: readonly InputPart[]): string {
  const text = input.map((part) => (part.type === "text" ? part.text : "[image]")).join(" ")
  const line = text
    .slice(0, PREVIEW_CHARS * 4)
    .replace(/\s+/g, " ")
    .trim()
  return line.length > PREVIEW_CHARS ? `${line.slice(0, PREVIEW_CHARS - 1)}…` : line
}
