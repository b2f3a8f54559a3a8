import type { EventOf, Op } from "@skein/protocol"
import { asObject, asText, asTexts } from "@skein/protocol/json"
import { type PersonQuestion, type QuestionAnswer, QuestionRequest } from "@skein/protocol/questions"
import type { Json } from "./rpc.ts"

/** Asks by `ask`, and resolves with what tells the engine. A client that cannot show it has answered nothing. */
export async function askForm(
  { sessionId, clientId, requestId, payload }: EventOf<"client.requested">,
  ask: (params: Json) => Promise<unknown>,
): Promise<Op<"client.answer">> {
  const request = QuestionRequest().parse(payload)
  const said = await ask(elicitation(sessionId, request)).then(
    (reply) => readElicitation(reply, request.questions),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  )
  return { type: "client.answer", sessionId, clientId, requestId, ...said }
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
