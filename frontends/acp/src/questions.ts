import { asObject, asText, asTexts } from "@skein/protocol/json"
import { type PersonQuestion, type QuestionAnswer, QuestionRequest } from "@skein/protocol/questions"
import type { Json } from "./rpc.ts"

/** Puts questions to the person. Rejects where they leave the form, or the client cannot show it: then nothing is answered. */
export async function askForm(
  sessionId: string,
  payload: unknown,
  ask: (method: string, params: Json) => Promise<unknown>,
): Promise<unknown> {
  const request = QuestionRequest().parse(payload)
  const said = readElicitation(await ask("elicitation/create", elicitation(sessionId, request)), request.questions)
  if ("error" in said) throw new Error(said.error)
  return said.result
}

/**
 * The params of `elicitation/create` in form mode: a field for the options of each question, and one for words of one's own.
 * Source: https://agentclientprotocol.com/protocol/v1/elicitation
 */
export function elicitation(sessionId: string, { callId, agent, questions }: QuestionRequest): Json {
  const fields = questions.flatMap((question, at) => fieldsOf(question, at))
  const required = fields.filter(({ isRequired }) => isRequired).map(({ name }) => name)
  const asked = questions.map(({ question }) => question).join("\n")
  return {
    sessionId,
    ...(callId === undefined ? {} : { toolCallId: callId }),
    mode: "form",
    message: agent === undefined ? asked : `${agent} asks: ${asked}`,
    requestedSchema: {
      type: "object",
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
      ...(required.length === 0 ? {} : { required }),
    },
  }
}

interface FormField {
  readonly name: string
  readonly schema: Json
  readonly isRequired: boolean
}

function fieldsOf({ header, question, options, isMultiple, isFree }: PersonQuestion, at: number): FormField[] {
  const known = options.map(({ label, description }) => ({
    const: label,
    title: label,
    ...(description === undefined ? {} : { description }),
  }))
  const choice = isMultiple ? { type: "array", items: { anyOf: known } } : { type: "string", oneOf: known }
  const asked = { title: header, description: question }
  const own = options.length === 0 ? asked : { title: `${header}: in your own words` }
  return [
    ...(options.length === 0 ? [] : [{ name: chosenName(at), schema: { ...choice, ...asked }, isRequired: !isFree }]),
    ...(isFree ? [{ name: textName(at), schema: { type: "string", ...own }, isRequired: options.length === 0 }] : []),
  ]
}

const chosenName = (at: number) => `choice${at + 1}`
const textName = (at: number) => `text${at + 1}`

/** What the client's reply says to the engine: answers, or that the person gave none. */
export function readElicitation(
  reply: unknown,
  questions: readonly PersonQuestion[],
): { readonly result: { readonly answers: readonly QuestionAnswer[] } } | { readonly error: string } {
  const { action, content } = asObject(reply) ?? {}
  const said = asObject(content) ?? {}
  if (action !== "accept") return { error: "" }
  const answers = questions.map((_, at): QuestionAnswer => {
    const value = said[chosenName(at)]
    const text = asText(said[textName(at)])
    const chosen = Array.isArray(value) ? asTexts(value) : typeof value === "string" && value !== "" ? [value] : []
    return { chosen, ...(text === undefined || text === "" ? {} : { text }) }
  })
  return { result: { answers } }
}
