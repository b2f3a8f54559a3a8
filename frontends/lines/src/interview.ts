import type { EventOf, Op, SessionId } from "@skein/protocol"
import { answerOf, type PersonQuestion, type QuestionAnswer, QuestionRequest } from "@skein/protocol/questions"

/** Leaves all of them unanswered. */
const NOTHING = "-"

/** What the model asks the person, one question after the other; each line that is typed answers one. */
export class Interview {
  readonly callId: string | undefined
  readonly #asked: EventOf<"client.requested">
  readonly #agent: string | undefined
  readonly #questions: readonly PersonQuestion[]
  readonly #answers: QuestionAnswer[] = []
  #isLeft = false

  /** Throws a ZodError for what is no question. */
  constructor(asked: EventOf<"client.requested">) {
    const { callId, agent, questions } = QuestionRequest().parse(asked.payload)
    this.callId = callId
    this.#asked = asked
    this.#agent = agent
    this.#questions = questions
  }

  /** The question that is open; undefined once all have been answered or left. */
  get text(): string | undefined {
    const question = this.#open
    if (question === undefined) return undefined
    const count = this.#questions.length
    const place = count === 1 ? "" : ` (${this.#answers.length + 1} of ${count})`
    const from = this.#agent === undefined ? "" : `${this.#agent}: `
    return [
      `  ? ${from}${question.header}${place}`,
      ...question.question.split("\n").map((line) => `    ${line}`),
      ...question.options.map(({ label, description }, at) => {
        return `${String(at + 1).padStart(6)}  ${label}${description === undefined ? "" : `  · ${description}`}`
      }),
      `    ${keysOf(question)} · ${NOTHING} to leave it:`,
    ].join("\n")
  }

  /** Takes a line. What is wrong with it, when it answers nothing. */
  take(line: string): string | undefined {
    const question = this.#open
    if (question === undefined) return undefined
    if (line.trim() === NOTHING) {
      this.#isLeft = true
      return undefined
    }
    const read = answerOf(question, line)
    if (typeof read === "string") return read
    this.#answers.push(read)
    return undefined
  }

  /** What tells the engine. */
  answer(sessionId: SessionId): Op<"client.answer"> {
    const { requestId, clientId } = this.#asked
    const said = this.#isLeft ? { error: "They left the question." } : { result: { answers: this.#answers } }
    return { type: "client.answer", sessionId, clientId, requestId, ...said }
  }

  get #open(): PersonQuestion | undefined {
    return this.#isLeft ? undefined : this.#questions[this.#answers.length]
  }
}

function keysOf({ options, isMultiple, isFree }: PersonQuestion): string {
  if (options.length === 0) return "Answer in your own words"
  const number = isMultiple ? "Numbers with commas" : "A number"
  return isFree ? `${number}, or your own words` : number
}
