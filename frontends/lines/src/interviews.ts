import type { EventOf, Op, SessionId } from "@skein/protocol"
import { Interview } from "./interview.ts"
import { READING_MS } from "./reading.ts"

interface InterviewsOptions {
  readonly isEchoing: boolean
  readonly now: () => number
  readonly say: (text: string) => void
  readonly submit: (op: Op) => Promise<boolean>
  /** Something else is asked, which goes first. */
  readonly isHeld: () => boolean
}

/** What the model asks the person: one at a time, after whatever has to be approved. */
export class Interviews {
  readonly #options: InterviewsOptions
  #all: readonly Interview[] = []
  /** When the question that is open was shown. */
  #shownAt = Number.NEGATIVE_INFINITY

  constructor(options: InterviewsOptions) {
    this.#options = options
  }

  get isAny(): boolean {
    return this.#all.length > 0
  }

  add(event: EventOf<"client.requested">): void {
    this.#all = [...this.#all, new Interview(event)]
    if (this.#all.length === 1) this.show()
  }

  /** Shows what is asked now. */
  show(): void {
    const text = this.#options.isHeld() ? undefined : this.#all[0]?.text
    if (text === undefined) return
    this.#shownAt = this.#options.now()
    this.#options.say(text)
  }

  /** A line that came before the question could be read answers nothing. */
  async take(line: string, sessionId: SessionId): Promise<void> {
    const [interview] = this.#all
    if (interview === undefined) return
    const { isEchoing, now, say, submit } = this.#options
    const isTooSoon = isEchoing && now() - this.#shownAt < READING_MS
    const flaw = isTooSoon ? "That came before the question could be read." : interview.take(line)
    if (flaw !== undefined) say(`    ${flaw}`)
    if (interview.text !== undefined) return this.show()
    this.#all = this.#all.filter((one) => one !== interview)
    await submit(interview.answer(sessionId))
    this.show()
  }

  /** Nobody waits for the answer any more. */
  over(callId: string): void {
    const [shown] = this.#all
    this.#all = this.#all.filter((one) => one.callId !== callId)
    if (this.#all[0] !== shown) this.show()
  }

  clear(): void {
    this.#all = []
  }
}
