import type { TurnRecord } from "@skein/protocol/turns"
import type { TurnEndBlock } from "./block.ts"

/** The end of a turn as it is drawn; undefined while it goes on. */
export function endBlock({ turnId, startedAt, end, changed, ...turn }: TurnRecord): TurnEndBlock | undefined {
  if (end === undefined) return undefined
  const { steps, outputTokens, microUsd, checks } = turn
  return {
    kind: "end",
    id: `end:${turnId}`,
    isFinal: true,
    outcome: end.outcome,
    durationMs: end.at - startedAt,
    ...{ steps, outputTokens, microUsd },
    changed: { files: changed.paths.length, lines: linesOf(changed) },
    checks,
  }
}

/** A part of them would be taken for all. */
function linesOf({ added, removed, uncounted }: TurnRecord["changed"]): TurnEndBlock["changed"]["lines"] {
  return uncounted.length > 0 || added + removed === 0 ? undefined : { added, removed }
}
