import { type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import {
  answerText,
  checkedAnswers,
  OPTIONS_MAX,
  type PersonQuestion,
  QUESTIONS_MAX,
  type QuestionAnswer,
  type QuestionRequest,
} from "@skein/protocol/questions"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"

interface Input {
  readonly questions: readonly PersonQuestion[]
}

/** A person may think for a day; after that nobody will answer. */
const DEADLINE_MS = 24 * 3_600_000
const HEADER_MAX = 40
const TEXT_MAX = 2_000
const DESCRIPTION_MAX = 500
const LABEL_MAX = 100

/** Asks the person what only they can decide. Where nobody can be asked, the model is told to choose by itself. */
export const question = defineTool<Input>({
  name: "question",
  aliases: ["ask_user", "AskUserQuestion", "request_user_input"],
  description:
    "Ask the person what only they can decide: real alternatives, wishes you cannot infer. Not for permission. At most 4 " +
    "questions; the option you would take first.",
  // Every word of it is in every request: how much is taken is checked when it is planned.
  input: () =>
    z.strictObject({
      questions: z.array(
        z.strictObject({
          header: z.string().describe("1-2 words"),
          question: z.string(),
          options: z.array(z.strictObject({ label: z.string(), description: z.string().optional() })).default([]),
          isMultiple: z.boolean().default(false),
          isFree: z.boolean().default(true).describe("own words too"),
        }),
      ),
    }),
  kind: "think",
  needs: ["person"],
  effects: ["none"],
  canBeLayered: true,
  timeoutMs: DEADLINE_MS + 60_000,
  title: ({ questions }) => `ask: ${questions.map(({ header }) => header).join(", ")}`,
  async plan({ questions }) {
    if (questions.length === 0 || questions.length > QUESTIONS_MAX) {
      throw new ToolFailure(`Ask 1 to ${QUESTIONS_MAX} questions at once, not ${questions.length}.`)
    }
    for (const asked of questions) mustBeAnswerable(asked)
    return { effects: [{ kind: "none" }], actions: [], prepared: undefined }
  },
  async run({ questions }, _, context) {
    const checked = checkedAnswers(questions, await answersTo(questions, context))
    if (typeof checked === "string") throw new ToolFailure(`${checked} ${CHOOSE}`)
    return resultOf(questions, checked.answers)
  },
})

function mustBeAnswerable({ header, question: words, options, isFree }: PersonQuestion): void {
  const texts = [
    ["header", header, HEADER_MAX],
    ["question", words, TEXT_MAX],
    ...options.flatMap(({ label, description = "-" }) => [
      ["label", label, LABEL_MAX] as const,
      ["description", description, DESCRIPTION_MAX] as const,
    ]),
  ] as const
  const wrong = texts.find(([, text, most]) => text.trim() === "" || text.length > most)
  if (wrong !== undefined)
    throw new ToolFailure(`A ${wrong[0]} has 1 to ${wrong[2]} characters, not ${wrong[1].length}.`)
  if (options.length > OPTIONS_MAX)
    throw new ToolFailure(`A question has at most ${OPTIONS_MAX} options, not ${options.length}.`)
  const labels = options.map(({ label }) => label.toLowerCase())
  if (new Set(labels).size < labels.length) throw new ToolFailure(`Two options of "${header}" are called alike.`)
  if (labels.length === 0 && !isFree) {
    throw new ToolFailure(`"${header}" cannot be answered: give options, or leave isFree true.`)
  }
}

const CHOOSE = "Choose what fits best yourself, say in your answer what you chose, and go on."

async function answersTo(questions: readonly PersonQuestion[], { callId, askClient }: RunContext): Promise<unknown> {
  const request: QuestionRequest = { callId, questions }
  try {
    return await askClient("question", request, DEADLINE_MS)
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    if (error.code === "client.gone") throw new ToolFailure(`Nobody is here to be asked. ${CHOOSE}`, { cause: error })
    if (error.code === "client.deadline") throw new ToolFailure(`Nobody answered. ${CHOOSE}`, { cause: error })
    if (error.code !== "client.refused") throw error
    const said = error.message === "" ? "The person did not answer." : `The person did not answer: ${error.message}`
    throw new ToolFailure(`${said} Do not ask the same again. ${CHOOSE}`, { cause: error })
  }
}

function resultOf(questions: readonly PersonQuestion[], answers: readonly QuestionAnswer[]): ToolResult {
  const rows = questions.map((asked, at) => ({ asked, said: answerText(answers[at] ?? { chosen: [] }) }))
  const forModel = rows.map(({ asked, said }) => `${asked.question}\n→ ${said === "" ? "(no answer)" : said}`)
  const body = rows.map(({ asked, said }) => `${asked.header}: ${said === "" ? "(no answer)" : said}`).join("\n")
  return {
    forModel: [{ type: "text", text: forModel.join("\n\n") }],
    forHuman: { kind: "text", body, summary: rows.length === 1 ? body.slice(0, LABEL_MAX) : `${rows.length} answers` },
    provenance: { source: "the person", isTrusted: true },
  }
}
