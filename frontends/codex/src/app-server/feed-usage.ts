import type { Usage } from "@skein/protocol"
import type { Notification, Telling } from "./telling.ts"
import { tokenUsage } from "./usage.ts"

/** The tokens of a thread: each request's are told behind what it led to, before the next one. */
export class UsageFeed {
  readonly #telling: Telling
  readonly #window: number | undefined
  #total: Usage
  #waiting: Usage[] = []

  constructor(telling: Telling, total: Usage, window: number | undefined) {
    this.#telling = telling
    this.#total = total
    this.#window = window
  }

  used(last: Usage): readonly Notification[] {
    this.#waiting.push(last)
    return []
  }

  /** What was used and not told. */
  due(): readonly Notification[] {
    const told = this.#waiting.map((last) => this.#tell(last))
    this.#waiting = []
    return told
  }

  #tell(last: Usage): Notification {
    const total = this.#total
    this.#total = {
      input: total.input + last.input,
      cacheRead: total.cacheRead + last.cacheRead,
      cacheWrite: total.cacheWrite + last.cacheWrite,
      output: total.output + last.output,
      reasoning: total.reasoning + last.reasoning,
    }
    const tokens = { total: tokenUsage(this.#total), last: tokenUsage(last), modelContextWindow: this.#window ?? null }
    return this.#telling.inTurn("thread/tokenUsage/updated", { tokenUsage: tokens })
  }
}
