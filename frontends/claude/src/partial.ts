import { type Event, type EventOf, NO_USAGE, type Usage } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { messageUsage } from "./usage.ts"

export type DeltaKind = "text_delta" | "thinking_delta" | "input_json_delta"

const FIELD: Readonly<Record<DeltaKind, string>> = {
  text_delta: "text",
  thinking_delta: "thinking",
  input_json_delta: "partial_json",
}

type TextKind = EventOf<"item.completed">["kind"]

/** What more of an item is called on its way. */
export const DELTAS: Readonly<Record<TextKind | EventOf<"item.delta">["channel"], DeltaKind>> = {
  agent_message: "text_delta",
  text: "text_delta",
  reasoning: "thinking_delta",
}

/** Whether it tells what the model thinks. */
export function isThought(event: Event): boolean {
  if (event.type === "item.delta") return event.channel === "reasoning"
  return (event.type === "item.started" || event.type === "item.completed") && event.kind === "reasoning"
}

/**
 * The streaming events of the Anthropic API, one message at a time, made from our items and deltas. Blocks go by a key
 * of ours; what does not fit the open message makes no event.
 */
export class PartialMessages {
  readonly #blocks = new Map<string, { readonly index: number; text: string }>()
  #isOpen = false
  #count = 0

  begin(id: string, model: string): readonly Json[] {
    this.#isOpen = true
    this.#count = 0
    this.#blocks.clear()
    const message = {
      id,
      type: "message",
      role: "assistant",
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: messageUsage(NO_USAGE),
    }
    return [{ type: "message_start", message }]
  }

  /** Opens a block, once. */
  open(key: string, block: Json): readonly Json[] {
    if (!this.#isOpen || this.#blocks.has(key)) return []
    const index = this.#count++
    this.#blocks.set(key, { index, text: "" })
    return [{ type: "content_block_start", index, content_block: block }]
  }

  /** More of a block. */
  add(key: string, kind: DeltaKind, text: string): readonly Json[] {
    const block = this.#blocks.get(key)
    if (!block || text === "") return []
    block.text += text
    return [{ type: "content_block_delta", index: block.index, delta: { type: kind, [FIELD[kind]]: text } }]
  }

  /** The rest of a block's text, when deltas were lost on the way. */
  complete(key: string, kind: DeltaKind, text: string): readonly Json[] {
    const known = this.#blocks.get(key)?.text ?? ""
    return text.startsWith(known) ? this.add(key, kind, text.slice(known.length)) : []
  }

  close(key: string): readonly Json[] {
    const block = this.#blocks.get(key)
    this.#blocks.delete(key)
    return block ? [{ type: "content_block_stop", index: block.index }] : []
  }

  /** Ends the message, once; blocks still open are closed. */
  end(stop: string | null, usage: Usage = NO_USAGE): readonly Json[] {
    if (!this.#isOpen) return []
    this.#isOpen = false
    return [
      ...[...this.#blocks.keys()].flatMap((key) => this.close(key)),
      { type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage: messageUsage(usage) },
      { type: "message_stop" },
    ]
  }
}
