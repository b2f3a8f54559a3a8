import { idSchema } from "./id-schema.ts"
import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

export const QUESTIONS_MAX = 4
export const OPTIONS_MAX = 8

/** One question to a person. */
export interface PersonQuestion {
  /** One or two words that it is known by. */
  readonly header: string
  readonly question: string
  readonly options: readonly QuestionOption[]
  /** Several options may be chosen. */
  readonly isMultiple: boolean
  /** The person may answer in words of their own. Always so where there are no options. */
  readonly isFree: boolean
}

export interface QuestionOption {
  readonly label: string
  readonly description?: string | undefined
}

/** What `client.requested` of the kind `question` carries. */
export interface QuestionRequest {
  /** The call that asks: once it has settled, no answer is waited for. */
  readonly callId?: string | undefined
  /** The subagent that asks; the session itself when left out. */
  readonly agent?: string | undefined
  readonly questions: readonly PersonQuestion[]
  /** What a server asked that the questions say: a client with a form of its own for that may answer it whole. */
  readonly elicitation?: Elicitation | undefined
}

/** What an MCP server wants to know of a person, in its own words: never believed, and made visible where it is shown. */
export interface Elicitation {
  readonly server: string
  readonly message: string
  /** A JSON Schema of what it wants; absent with `url`. */
  readonly schema?: unknown
  /** Where the person is to do something, and nowhere else. */
  readonly url?: string | undefined
}

/** Of a client that answered an elicitation whole, in the place of answers to its questions. */
export interface ElicitationAnswer {
  readonly action: "accept" | "decline" | "cancel"
  readonly content?: Readonly<Record<string, unknown>> | undefined
}

/** What a client answers: one for each question, in order. A refusal to answer is an error of `client.answer`. */
export interface QuestionAnswers {
  readonly answers: readonly QuestionAnswer[]
}

export interface QuestionAnswer {
  /** Labels of options. */
  readonly chosen: readonly string[]
  readonly text?: string | undefined
}

export const QuestionRequest = lazy(() =>
  z.object({
    callId: idSchema("cal").optional(),
    agent: z.string().optional(),
    questions: z
      .array(
        z.object({
          header: z.string(),
          question: z.string(),
          options: z.array(z.object({ label: z.string(), description: z.string().optional() })),
          isMultiple: z.boolean(),
          isFree: z.boolean(),
        }),
      )
      .min(1)
      .max(QUESTIONS_MAX),
    elicitation: z
      .object({ server: z.string(), message: z.string(), schema: z.unknown().optional(), url: z.string().optional() })
      .optional(),
  }),
)

const Elicited = lazy(() =>
  z.object({
    elicited: z.object({
      action: z.enum(["accept", "decline", "cancel"]),
      content: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
)

/** The answer to an elicitation as a whole; undefined where a client answered its questions. */
export function elicitedWhole(value: unknown): ElicitationAnswer | undefined {
  const read = Elicited().safeParse(value)
  return read.success ? read.data.elicited : undefined
}

const Answers = lazy(() =>
  z.object({ answers: z.array(z.object({ chosen: z.array(z.string()), text: z.string().optional() })) }),
)

/** Checks what a client answered. What is wrong with it, in a sentence, when it does not fit what was asked. */
export function checkedAnswers(questions: readonly PersonQuestion[], value: unknown): QuestionAnswers | string {
  const read = Answers().safeParse(value)
  if (!read.success) return "The answers are not in the form that was asked for."
  const { answers } = read.data
  if (answers.length !== questions.length) return `${answers.length} answers came to ${questions.length} questions.`
  for (const [at, question] of questions.entries()) {
    const flaw = flawOf(question, answers[at] ?? { chosen: [] })
    if (flaw !== undefined) return flaw
  }
  return { answers }
}

function flawOf({ header, options, isMultiple, isFree }: PersonQuestion, { chosen, text }: QuestionAnswer) {
  const stranger = chosen.find((label) => !options.some((option) => option.label === label))
  if (stranger !== undefined) return `${JSON.stringify(stranger)} is no option of "${header}".`
  if (chosen.length > 1 && !isMultiple) return `Only one option of "${header}" can be chosen.`
  if (text !== undefined && text !== "" && !isFree) return `"${header}" takes one of its options alone.`
  return undefined
}

/**
 * Reads a line that a person, or a file of theirs, answers with: numbers or labels of options, several with commas between
 * them, or words of their own. A sentence for the person when it is none of that.
 */
export function answerOf(question: PersonQuestion, line: string): QuestionAnswer | string {
  const text = line.trim()
  const { options, isMultiple, isFree } = question
  const whole = optionOf(question, text)
  if (whole !== undefined) return { chosen: [whole] }
  const parts = text.split(",").map((part) => optionOf(question, part.trim()))
  const chosen = [...new Set(parts.flatMap((label) => label ?? []))]
  if (isMultiple && text !== "" && chosen.length > 0 && parts.every((label) => label !== undefined)) return { chosen }
  // A number beside the options is a slip, not an answer in words.
  if (isFree && text !== "" && (options.length === 0 || !/^\d+$/.test(text))) return { chosen: [], text }
  const numbers = `a number from 1 to ${options.length}${isMultiple ? ", several with commas between them" : ""}`
  if (options.length === 0) return "Answer in words."
  return `Answer with ${numbers}${isFree ? ", or in your own words" : ""}.`
}

function optionOf({ options }: PersonQuestion, text: string): string | undefined {
  const numbered = /^\d+$/.test(text) ? options[Number(text) - 1]?.label : undefined
  return numbered ?? options.find(({ label }) => label.toLowerCase() === text.toLowerCase())?.label
}

/** One answer as words. */
export function answerText({ chosen, text }: QuestionAnswer): string {
  return [...chosen, ...(text === undefined || text === "" ? [] : [text])].join(", ")
}
