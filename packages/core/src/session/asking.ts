import { askedBy } from "../agents/asked-by.ts"
import type { Above } from "../agents/kin.ts"
import type { SessionHooks } from "../hooks/session-hooks.ts"
import type { SessionState } from "../transcript/state.ts"
import type { ClientQuestion, Question, TurnPorts } from "../turn/ports.ts"
import type { Approvals } from "./approvals.ts"
import type { Clients } from "./clients.ts"
import type { Offspring } from "./offspring.ts"
import type { SessionWriter } from "./writer.ts"

interface Parts {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly approvals: Approvals
  readonly clients: Clients
  readonly offspring: Offspring
  /** What is above this session, where it is a child. */
  readonly above: () => Above | undefined
  readonly isRunning: () => boolean
  readonly hooks: Pick<SessionHooks, "notify">
}

/** How a session asks those who are there to answer: its own clients, or those of whoever began it. */
export class Asking {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get isAttended(): boolean {
    const { clients, above } = this.#parts
    return clients.whoAnswers("approval") !== undefined || above()?.present?.isAttended() === true
  }

  /** Whether a client of this session, or of one above it, offered to answer this kind. */
  answers(kind: ClientQuestion["kind"]): boolean {
    const { clients, above } = this.#parts
    return clients.whoAnswers(kind) !== undefined || above()?.present?.answers(kind) === true
  }

  /** See `TurnPorts.ask`. */
  async ask(...[question, signal, decisionNow]: Parameters<TurnPorts["ask"]>): ReturnType<TurnPorts["ask"]> {
    const { writer, approvals } = this.#parts
    if (signal.aborted) throw signal.reason
    // Waited for before it is told: an answer may come with the very event.
    const answered = approvals.wait(question.approvalId, signal, decisionNow)
    // When the question cannot be written, nobody comes to wait for its answer.
    answered.catch(() => undefined)
    await writer.emit([question], { flush: true })
    if (!this.isAttended) await approvals.withdrawAll()
    else this.#waits("permission", `skein needs your permission${subjectOf(question)}`)
    try {
      return await answered
    } finally {
      if (!approvals.isWaiting) this.tellStatus()
    }
  }

  /** Of this session, or of one above it, which is told who asks. */
  askClient(question: ClientQuestion): Promise<unknown> {
    const { state, clients, above } = this.#parts
    const parent = above()?.present
    if (clients.whoAnswers(question.kind) !== undefined) return this.#ownAnswer(question)
    return parent === undefined ? clients.request(question) : parent.askClient(askedBy(state, question))
  }

  /** While a person thinks about a question, the session waits as it does for an approval. */
  async #ownAnswer(question: ClientQuestion): Promise<unknown> {
    const { clients } = this.#parts
    if (question.kind !== "question") return clients.request(question)
    this.#waits("question", "skein has a question for you.")
    try {
      return await clients.request(question)
    } finally {
      this.tellStatus()
    }
  }

  #waits(kind: "permission" | "question", message: string): void {
    this.#parts.writer.tell({ type: "session.status", status: "waiting" })
    this.#parts.hooks.notify(kind, message)
  }

  /** Where the session is: one whose child waits for a person waits, too. */
  tellStatus(): void {
    const { writer, approvals, offspring, isRunning } = this.#parts
    const isWaiting = approvals.isWaiting || offspring.isAsking
    writer.tell({ type: "session.status", status: isWaiting ? "waiting" : isRunning() ? "running" : "idle" })
  }
}

const SUBJECT_CHARS_MAX = 200

/** What is asked about, for somebody who does not see it. */
function subjectOf({ actions: [first] }: Question): string {
  return first === undefined ? "." : `: ${first.verb} ${first.target.slice(0, SUBJECT_CHARS_MAX)}`
}
