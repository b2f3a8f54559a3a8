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
    changed: { files: changed.paths.length, added: changed.added, removed: changed.removed },
    checks,
  }
}
