import type { Item, SessionView } from "@skein/protocol"
import type { Block } from "./block.ts"
import { itemBlock, shellItemBlock } from "./call-block.ts"
import { endBlock } from "./end-block.ts"
import { hostedBlock } from "./hosted-block.ts"
import { saidIn } from "./said.ts"

/**
 * The blocks of a session that was folded elsewhere, for drawing it from any place: one for each item but what only the model
 * is told, and the ends of the turns that are over where they came.
 */
export function blocksOf({ items, turns = [] }: Pick<SessionView, "items" | "turns">): readonly Block[] {
  const ends = Map.groupBy(turns, ({ itemsTo }) => itemsTo)
  const endsAt = (place: number) => (ends.get(place) ?? []).flatMap((turn) => endBlock(turn) ?? [])
  return [...endsAt(0), ...items.flatMap((item, at) => [...blockOf(item, at), ...endsAt(at + 1)])]
}

function blockOf(item: Item, at: number): readonly Block[] {
  switch (item.kind) {
    case "user_message":
      return [{ kind: "prompt", id: item.inputId, isFinal: true, ...saidIn(item.input), isSteer: item.isSteer }]
    case "agent_message":
      return [{ kind: "answer", id: item.itemId, isFinal: true, text: item.text, status: item.status }]
    case "reasoning":
      return [{ kind: "reasoning", id: item.itemId, isFinal: true, text: item.text }]
    case "hosted_call":
      return item.isDiscarded ? [] : [hostedBlock(item.itemId, item)]
    case "tool_call":
      return [itemBlock(item)]
    case "shell":
      return [shellItemBlock(item)]
    case "compaction": {
      const { tokensBefore, tokensAfter, summary } = item
      const id = item.eventId ?? `compaction:${at}`
      return [{ kind: "compaction", id, isFinal: true, tokensBefore, tokensAfter, summary }]
    }
    case "notice":
      return [{ kind: "notice", id: item.eventId ?? `notice:${at}`, isFinal: true, level: item.level, text: item.text }]
    case "context":
      return []
  }
}
