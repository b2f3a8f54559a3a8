import { type NestedResult, type RunContext, ToolFailure } from "@skein/core/ports"
import { answerText, checkedAnswers, type PersonQuestion, type QuestionRequest } from "@skein/protocol/questions"
import { cleaned } from "./declared.ts"

const DEADLINE_MS = 300_000
const QUESTION_CHARS_MAX = 2_000
const CHOICES_MAX = 8

/** What a call that an extension made gave, as a model would read it. Throws ToolFailure where it did not succeed. */
export function nestedText(name: string, { outcome, forModel }: NestedResult): string {
  const text = forModel.map((block) => (block.type === "text" ? block.text : `[${block.mediaType}]`)).join("\n")
  if (outcome !== "success") throw new ToolFailure(`${cleaned(name, 80)}: ${text === "" ? outcome : text}`)
  return text
}

/** Asks the person, in whose name it is said. */
export function questionTo(title: string, { callId, askClient }: RunContext) {
  return async (question: string, choices: readonly string[]): Promise<string> => {
    const labels = choices.slice(0, CHOICES_MAX).map((label) => ({ label: cleaned(label, 80) }))
    const asked: PersonQuestion = {
      ...{ header: "Extension", question: cleaned(`${title} asks: ${question}`, QUESTION_CHARS_MAX), options: labels },
      ...{ isMultiple: false, isFree: labels.length === 0 },
    }
    const request: QuestionRequest = { callId, questions: [asked] }
    const checked = checkedAnswers([asked], await askClient("question", request, DEADLINE_MS))
    if (typeof checked === "string") throw new ToolFailure(checked)
    return checked.answers.map(answerText)[0] ?? ""
  }
}
