import type { PersonQuestion, QuestionAnswer, QuestionRequest } from "@skein/protocol/questions"
import { answerOf } from "@skein/protocol/questions"

/** Answers, one for each question: words, a label or its number, several labels, or both apart. */
export type QuestionReply = readonly (string | readonly string[] | QuestionAnswer)[]

export type OnQuestion = (questions: readonly PersonQuestion[]) => QuestionReply | Promise<QuestionReply>

/** What the engine is told. Throws a sentence for what is no answer to what was asked. */
export async function questionAnswers(payload: unknown, onQuestion: OnQuestion): Promise<unknown> {
  // The engine's own words, of the version that this is made for.
  const { questions } = payload as QuestionRequest
  const replies = await onQuestion(questions)
  return { answers: questions.map((question, at) => answerTo(question, replies[at])) }
}

function answerTo(question: PersonQuestion, reply: QuestionReply[number] | undefined): QuestionAnswer {
  if (reply === undefined) throw new Error(`"${question.header}" was not answered.`)
  if (typeof reply === "object" && "chosen" in reply) return reply
  if (typeof reply === "object") return { chosen: reply }
  const answer = answerOf(question, reply)
  if (typeof answer === "string") throw new Error(answer)
  return answer
}
