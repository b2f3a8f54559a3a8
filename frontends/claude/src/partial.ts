import type { Usage } from "@skein/protocol"
import type { Json } from "./fields.ts"
import { messageUsage, NO_USAGE } from "./usage.ts"

/** The streaming events of the Anthropic API for one message at a time, made from our items and deltas. */
export interface PartialMessages {
  begin(id: string, model: string): readonly Json[]
  /** Opens a block under a key of ours, once. */
  open(key: string, block: Json): readonly Json[]
  /** More of a block. */
  add(key: string, kind: DeltaKind, text: string): readonly Json[]
  /** The rest of a block's text, when deltas were lost on the way. */
  complete(key: string, kind: DeltaKind, text: string): readonly Json[]
  close(key: string): readonly Json[]
  /** Ends the message, once; blocks still open are closed. */
  end(stop: string | null, usage?: Usage): readonly Json[]
}

export type DeltaKind = "text_delta" | "thinking_delta" | "input_json_delta"

const FIELD: Readonly<Record<DeltaKind, string>> = {
  text_delta: "text",
  thinking_delta: "thinking",
  input_json_delta: "partial_json",
}

export function partialMessages(): PartialMessages {
  let isOpen = false
  let count = 0
  const blocks = new Map<string, { index: number; text: string }>()

  const add = (key: string, kind: DeltaKind, text: string): readonly Json[] => {
    const block = blocks.get(key)
    if (!block || text === "") return []
    block.text += text
    return [{ type: "content_block_delta", index: block.index, delta: { type: kind, [FIELD[kind]]: text } }]
  }
  const close = (key: string): readonly Json[] => {
    const block = blocks.get(key)
    blocks.delete(key)
    return block ? [{ type: "content_block_stop", index: block.index }] : []
  }

  return {
    begin(id, model) {
      isOpen = true
      count = 0
      blocks.clear()
      const usage = messageUsage(NO_USAGE)
      const message = {
        id,
        type: "message",
        role: "assistant",
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage,
      }
      return [{ type: "message_start", message }]
    },
    open(key, block) {
      if (!isOpen || blocks.has(key)) return []
      const index = count++
      blocks.set(key, { index, text: "" })
      return [{ type: "content_block_start", index, content_block: block }]
    },
    add,
    complete(key, kind, text) {
      const known = blocks.get(key)?.text ?? ""
      return text.startsWith(known) ? add(key, kind, text.slice(known.length)) : []
    },
    close,
    end(stop, usage = NO_USAGE) {
      if (!isOpen) return []
      isOpen = false
      return [
        ...[...blocks.keys()].flatMap(close),
        { type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage: messageUsage(usage) },
        { type: "message_stop" },
      ]
    },
  }
}
