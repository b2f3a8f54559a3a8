import type { EventOf, ItemId } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { plainId } from "../words.ts"
import { agentMessage, reasoning } from "./items.ts"
import type { Notification, Telling } from "./telling.ts"

interface OpenItem {
  readonly kind: "agent_message" | "reasoning"
  isTold: boolean
}

/** What the model says and thinks, as it comes. An item that stays empty is never told. */
export class MessageFeed {
  readonly #telling: Telling
  readonly #items = new Map<ItemId, OpenItem>()
  /** The newest message of the turn that is whole. */
  last: Json | undefined

  constructor(telling: Telling) {
    this.#telling = telling
  }

  started({ itemId, kind }: EventOf<"item.started">): readonly Notification[] {
    this.#items.set(itemId, { kind, isTold: false })
    return []
  }

  delta(event: EventOf<"item.delta">): readonly Notification[] {
    const item = this.#items.get(event.itemId)
    if (item === undefined) return []
    const itemId = plainId(event.itemId)
    const opening = this.#opened(item, itemId, event.at)
    const delta = { itemId, delta: event.text }
    if (item.kind === "agent_message") return [...opening, this.#telling.inTurn("item/agentMessage/delta", delta)]
    return [...opening, this.#telling.inTurn("item/reasoning/summaryTextDelta", { ...delta, summaryIndex: 0 })]
  }

  completed(event: EventOf<"item.completed">): readonly Notification[] {
    const item = this.#items.get(event.itemId) ?? { kind: event.kind, isTold: false }
    this.#items.delete(event.itemId)
    if (event.text.trim() === "" && !item.isTold) return []
    const itemId = plainId(event.itemId)
    const content = event.kind === "agent_message" ? agentMessage(itemId, event.text) : reasoning(itemId, event.text)
    if (event.kind === "agent_message" && event.status === "complete") this.last = content
    return [...this.#opened(item, itemId, event.at), this.#telling.completed(content, event.at)]
  }

  /** The turn is over; another may begin. */
  over(): void {
    this.#items.clear()
    this.last = undefined
  }

  #opened(item: OpenItem, itemId: string, at: number): readonly Notification[] {
    if (item.isTold) return []
    item.isTold = true
    if (item.kind === "agent_message") return [this.#telling.started(agentMessage(itemId, ""), at)]
    const part = this.#telling.inTurn("item/reasoning/summaryPartAdded", { itemId, summaryIndex: 0 })
    return [this.#telling.started(reasoning(itemId, ""), at), part]
  }
}
