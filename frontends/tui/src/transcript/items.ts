import type { Item } from "@skein/protocol"
import type { Block } from "./block.ts"
import { itemBlock, shellItemBlock } from "./call-block.ts"
import { saidIn } from "./transcript.ts"

/** The blocks of a session that was folded elsewhere, for drawing it from any place: one for each item but what only the model is told. */
export function blocksOf(items: readonly Item[]): readonly Block[] {
  return items.flatMap((item, at) => blockOf(item, at) ?? [])
}

function blockOf(item: Item, at: number): Block | undefined {
  switch (item.kind) {
    case "user_message":
      return { kind: "prompt", id: item.inputId, isFinal: true, ...saidIn(item.input), isSteer: item.isSteer }
    case "agent_message":
      return { kind: "answer", id: item.itemId, isFinal: true, text: item.text, status: item.status }
    case "reasoning":
      return { kind: "reasoning", id: item.itemId, isFinal: true, text: item.text }
    case "tool_call":
      return itemBlock(item)
    case "shell":
      return shellItemBlock(item)
    case "compaction": {
      const { tokensBefore, tokensAfter, summary } = item
      return {
        kind: "compaction",
        id: item.eventId ?? `compaction:${at}`,
        isFinal: true,
        tokensBefore,
        tokensAfter,
        summary,
      }
    }
    case "notice":
      return { kind: "notice", id: item.eventId ?? `notice:${at}`, isFinal: true, level: item.level, text: item.text }
    case "context":
      return undefined
  }
}
