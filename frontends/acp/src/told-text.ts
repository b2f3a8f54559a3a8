import type { ItemId } from "@skein/protocol"

export type TextKind = "agent_message" | "reasoning"

/** Text that a client is to see next, and the message it belongs to. */
export interface Chunk {
  readonly kind: TextKind
  readonly messageId: string
  readonly text: string
}

/** Stands between the text of an attempt that counts for nothing and the answer that replaces it. */
export const RESTART_NOTE = "\n\n[The connection broke. The answer starts again:]\n\n"

/** The n-th text of its kind in a step, over all attempts at that step. */
interface Told {
  readonly kind: TextKind
  messageId: string
  /** All that the client was shown. */
  shown: string
  /** What this attempt has said, while that is still a repetition of what was shown. */
  repeated: string | undefined
}

/**
 * ACP text cannot be taken back. When an attempt at a step is discarded and the next one says the same, nothing of it is
 * sent twice; when it says something else, the client is told so before the new text, which then comes whole.
 * Feed it what happens in a step, and send what it gives.
 */
export class ToldText {
  readonly #told = new Map<string, Told>()
  readonly #open = new Map<ItemId, Told>()
  readonly #counts = { agent_message: 0, reasoning: 0 }

  started(itemId: ItemId, kind: TextKind): void {
    const key = `${kind} ${this.#counts[kind]++}`
    const known = this.#told.get(key)
    const told = known ?? { kind, messageId: itemId, shown: "", repeated: undefined }
    if (known !== undefined && known.shown !== "") known.repeated = ""
    this.#told.set(key, told)
    this.#open.set(itemId, told)
  }

  /** More of an item. Undefined when the client has seen it already. */
  said(itemId: ItemId, text: string): Chunk | undefined {
    const told = this.#open.get(itemId)
    if (told === undefined || text === "") return undefined
    if (told.repeated === undefined) {
      told.shown += text
      return chunk(told, text)
    }
    told.repeated += text
    if (told.shown.startsWith(told.repeated)) {
      if (told.shown.length === told.repeated.length) told.repeated = undefined
      return undefined
    }
    if (!told.repeated.startsWith(told.shown)) return restart(told, itemId, told.repeated)
    const rest = told.repeated.slice(told.shown.length)
    told.shown = told.repeated
    told.repeated = undefined
    return chunk(told, rest)
  }

  /** The whole text of an item: what was missed of its deltas is made good. `isCut`: its attempt broke in the middle. */
  completed(itemId: ItemId, kind: TextKind, text: string, isCut: boolean): Chunk | undefined {
    if (!this.#open.has(itemId)) this.started(itemId, kind)
    const told = this.#open.get(itemId)
    if (told === undefined) return undefined
    const before = told.repeated ?? told.shown
    const more = text.startsWith(before) ? this.said(itemId, text.slice(before.length)) : undefined
    const isMissing = !text.startsWith(before) || (told.repeated !== undefined && !isCut)
    this.#open.delete(itemId)
    return isMissing ? restart(told, itemId, text) : more
  }

  /** The attempt counts for nothing; the next one may repeat it. */
  discarded(): void {
    this.#open.clear()
    this.#counts.agent_message = 0
    this.#counts.reasoning = 0
  }

  /** What was said stands. */
  ended(): void {
    this.discarded()
    this.#told.clear()
  }
}

function restart(told: Told, itemId: ItemId, text: string): Chunk {
  told.messageId = itemId
  told.shown = text
  told.repeated = undefined
  return chunk(told, `${RESTART_NOTE}${text}`)
}

function chunk({ kind, messageId }: Told, text: string): Chunk {
  return { kind, messageId, text }
}
