import type { EventOf, Op } from "@skein/protocol"
import { type PersonQuestion, type QuestionAnswer, QuestionRequest } from "@skein/protocol/questions"
import { questionPanel } from "../panels/form/question.ts"
import type { Front } from "./front.ts"

interface InterviewsOptions {
  readonly front: Front
  /** Milliseconds on any scale. */
  readonly now: () => number
}

/** Where a question comes from. */
export interface Interviewed {
  readonly event: EventOf<"client.requested">
  /** What the person calls the session, where it is not the one that is seen. */
  readonly from?: string | undefined
  readonly answer: (op: Op<"client.answer">) => void
}

/** What models ask the person: one question after the other, until all are answered or one is left. */
export class Interviews {
  readonly #options: InterviewsOptions
  /** What takes away the question that is open, by the call that asks. */
  readonly #open = new Map<string, () => void>()

  constructor(options: InterviewsOptions) {
    this.#options = options
  }

  async begin({ event, from, answer }: Interviewed): Promise<void> {
    const { callId = event.requestId, agent, questions } = QuestionRequest().parse(event.payload)
    const { sessionId, clientId, requestId } = event
    const answering = { type: "client.answer", sessionId, clientId, requestId } as const
    const answers: QuestionAnswer[] = []
    for (const [at, question] of questions.entries()) {
      const place = questions.length === 1 ? undefined : `${at + 1} of ${questions.length}`
      const said = await this.#ask(callId, question, [agent, from, place].filter(Boolean).join(" · "))
      if (said === "over") return
      if (said === undefined) return answer({ ...answering, error: "They left the question." })
      answers.push(said)
    }
    answer({ ...answering, result: { answers } })
  }

  /** A call is over: nobody waits for its answer any more. */
  settled(callId: string): void {
    this.#open.get(callId)?.()
  }

  /** Undefined: the person left it. */
  async #ask(callId: string, question: PersonQuestion, aside: string): Promise<QuestionAnswer | undefined | "over"> {
    const { promise, resolve } = Promise.withResolvers<QuestionAnswer | undefined | "over">()
    const { front, now } = this.#options
    const remove = front.ask(
      questionPanel({ question, now, aside: aside === "" ? undefined : aside, answered: resolve }),
    )
    this.#open.set(callId, () => {
      remove()
      resolve("over")
    })
    try {
      return await promise
    } finally {
      this.#open.delete(callId)
    }
  }
}
