import type { ApprovalId, SessionId } from "@skein/protocol"
import type { Asked } from "./session-facts.ts"
import type { SessionLink } from "./session-link.ts"
import type { Tab } from "./tab.ts"

/** The sessions that are open, of which one is seen. */
export class Tabs {
  #all: readonly Tab[] = []
  #place = 0

  get all(): readonly Tab[] {
    return this.#all
  }

  get place(): number {
    return this.#place
  }

  get current(): Tab | undefined {
    return this.#all[this.#place]
  }

  add(tab: Tab): undefined {
    this.#all = [...this.#all, tab]
    this.#place = this.#all.length - 1
  }

  /** Beside the one that is seen, which stays so. */
  addBehind(tab: Tab): undefined {
    this.#all = [...this.#all, tab]
  }

  /** Gives the one whose place it took. */
  replace(tab: Tab): Tab | undefined {
    const before = this.current
    if (before === undefined) return this.add(tab)
    this.#all = this.#all.with(this.#place, tab)
    return before
  }

  /** Takes it away. Where it was the one that is seen, that is the one after it, or the last. */
  remove(gone: Tab): void {
    const { current } = this
    this.#all = this.#all.filter((tab) => tab !== gone)
    const place = current === undefined || current === gone ? this.#place : this.#all.indexOf(current)
    this.#place = Math.max(Math.min(place, this.#all.length - 1), 0)
  }

  /** False when there is no such tab. */
  go(place: number): boolean {
    if (place < 0 || place >= this.#all.length) return false
    this.#place = place
    return true
  }

  goTo(sessionId: SessionId): boolean {
    return this.go(this.#all.findIndex(({ link }) => link.sessionId === sessionId))
  }

  has(sessionId: SessionId): boolean {
    return this.#all.some(({ link }) => link.sessionId === sessionId)
  }

  titleOf(sessionId: SessionId): string {
    return this.#all.find(({ link }) => link.sessionId === sessionId)?.link.facts.title ?? ""
  }

  /** The question, while it waits. */
  asked(approvalId: ApprovalId): Asked | undefined {
    return this.#all.flatMap(({ link }) => link.facts.approvals).find((asked) => asked.approvalId === approvalId)
  }

  /** The session that asks that. */
  asking(approvalId: ApprovalId): SessionLink | undefined {
    return this.#all.find(({ link }) => link.facts.approvals.some((asked) => asked.approvalId === approvalId))?.link
  }

  /** What a session waits to have answered. */
  askedBy(sessionId: SessionId): readonly ApprovalId[] {
    const tab = this.#all.find(({ link }) => link.sessionId === sessionId)
    return tab?.link.facts.approvals.map(({ approvalId }) => approvalId) ?? []
  }
}
