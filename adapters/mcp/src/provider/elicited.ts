import { type RunContext, ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import {
  checkedAnswers,
  type Elicitation,
  type ElicitationAnswer,
  elicitedWhole,
  type PersonQuestion,
  QUESTIONS_MAX,
  type QuestionAnswer,
} from "@skein/protocol/questions"
import type { ElicitAnswer, ElicitRequest } from "../connection/live-server.ts"
import { cleaned, firstWords } from "./definitions.ts"
import { type FormField, fieldsOf } from "./form-field.ts"

const DEADLINE_MS = 300_000
const TEXT_MAX = 2_000
const FIELDS_MAX = 40
const URL_CHARS_MAX = 1_000
/** Somebody who answers so often what a field does not take is not asked again. */
const ROUNDS_MAX = 5

/** Asks the person what a server wants to know: a form a few fields at a time, again for those answered otherwise than they may be. */
export async function elicited(server: string, request: ElicitRequest, context: RunContext): Promise<ElicitAnswer> {
  const { schema, url } = request
  if (url !== undefined && (url.length > URL_CHARS_MAX || !/^https?:\/\//.test(url))) return { action: "decline" }
  const fields = schema === undefined || url !== undefined ? [] : fieldsOf(schema)
  if (fields.length > FIELDS_MAX)
    throw new ToolFailure(`A form has ${FIELDS_MAX} fields at most, not ${fields.length}.`)
  try {
    const message = cleaned(request.message, TEXT_MAX)
    const elicitation = { server, message, ...(url === undefined ? { schema } : { url }) }
    const intro = `The MCP server ${server} asks: ${request.message}`
    if (fields.length > 0) return await filledIn(intro, fields, context, elicitation)
    const said = await asked([consent(server, request)], context, elicitation)
    if ("whole" in said) return said.whole
    return { action: said.answers[0]?.chosen[0] === AGREED ? "accept" : "decline" }
  } catch (error) {
    // Nobody is there, or they would not say: the server is told so, and its call goes on.
    if (error instanceof SkeinError) return { action: error.code === "client.refused" ? "decline" : "cancel" }
    if (error instanceof ToolFailure) return { action: "cancel" }
    throw error
  }
}

/** One answer for each question. Throws what a client's refusal is, and ToolFailure for answers to something else. */
export async function answersTo(
  questions: readonly PersonQuestion[],
  context: RunContext,
): Promise<readonly QuestionAnswer[]> {
  const said = await asked(questions, context)
  return "answers" in said ? said.answers : []
}

/** The same, where a client with a form of its own may answer what the questions say as a whole. */
async function asked(
  questions: readonly PersonQuestion[],
  { callId, askClient }: RunContext,
  elicitation?: Elicitation,
): Promise<{ readonly whole: ElicitationAnswer } | { readonly answers: readonly QuestionAnswer[] }> {
  const payload = { callId, questions, ...(elicitation === undefined ? {} : { elicitation }) }
  const value = await askClient("question", payload, DEADLINE_MS)
  const whole = elicitation === undefined ? undefined : elicitedWhole(value)
  if (whole !== undefined) return { whole }
  const checked = checkedAnswers(questions, value)
  if (typeof checked === "string") throw new ToolFailure(checked)
  return checked
}

const AGREED = "Done"

/** An address is shown whole: the person opens it, nobody else. */
function consent(server: string, { message, url }: ElicitRequest): PersonQuestion {
  const where = url === undefined ? "" : `\nOpen this address yourself, if you trust it: ${url}`
  return {
    header: "Server",
    question: cleaned(`The MCP server ${server} asks: ${firstWords(message, 600)}${where}`, TEXT_MAX),
    options: [{ label: AGREED }, { label: "No" }],
    ...{ isMultiple: false, isFree: false },
  }
}

async function filledIn(
  intro: string,
  fields: readonly FormField[],
  context: RunContext,
  elicitation: Elicitation,
): Promise<ElicitAnswer> {
  const content: Record<string, unknown> = {}
  for (let first = 0; first < fields.length; first += QUESTIONS_MAX) {
    let open = fields.slice(first, first + QUESTIONS_MAX).map((field) => ({ field, flaw: "" }))
    for (let round = 1; open.length > 0; round++) {
      if (round > ROUNDS_MAX) return { action: "cancel" }
      const words = open.map(({ field, flaw }) => posed(field, flaw, intro, fields))
      const said = await asked(words, context, first === 0 && round === 1 ? elicitation : undefined)
      if ("whole" in said) return said.whole
      const { answers } = said
      open = open.flatMap(({ field }, at) => {
        const read = field.read(answers[at] ?? { chosen: [] })
        if ("flaw" in read) return [{ field, flaw: read.flaw }]
        if (read.value !== undefined) content[field.name] = read.value
        return []
      })
    }
  }
  return { action: "accept", content }
}

function posed(field: FormField, flaw: string, intro: string, fields: readonly FormField[]): PersonQuestion {
  const place = fields.length <= QUESTIONS_MAX ? "" : `${fields.indexOf(field) + 1} of ${fields.length}: `
  const words = `${firstWords(intro, 600)}\n\n${place}${field.question.question}`
  return { ...field.question, question: cleaned(flaw === "" ? words : `${words}\n\n${flaw}`, TEXT_MAX) }
}
