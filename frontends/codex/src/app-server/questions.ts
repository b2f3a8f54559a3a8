import type { EventOf, Op } from "@skein/protocol"
import { asObject, asTexts, given, type Json } from "@skein/protocol/json"
import {
  answerOf,
  type Elicitation,
  type ElicitationAnswer,
  type PersonQuestion,
  type QuestionAnswer,
  QuestionRequest,
} from "@skein/protocol/questions"
import type { Peer } from "./peer.ts"

/**
 * What a person is asked, as a client of Codex's app-server is: the model's questions by `item/tool/requestUserInput`, an MCP
 * server's by `mcpServer/elicitation/request`.
 */
export class ThreadQuestions {
  readonly #peer: Peer
  readonly #threadId: string
  /** Our requests and the calls that ask, by the engine's request: one call may ask several times. */
  readonly #open = new Map<string, { readonly id: number; readonly callId: string }>()

  constructor(peer: Peer, threadId: string) {
    this.#peer = peer
    this.#threadId = threadId
  }

  /** Resolves with what tells the engine the answers; undefined when nobody waits for them any more. */
  async ask(event: EventOf<"client.requested">, turnId: string): Promise<Op<"client.answer"> | undefined> {
    const { sessionId, clientId, requestId, payload } = event
    const { callId = requestId, questions, elicitation } = QuestionRequest().parse(payload)
    const of = { threadId: this.#threadId, turnId }
    const { id, answer } =
      elicitation === undefined
        ? this.#peer.request("item/tool/requestUserInput", {
            ...{ ...of, itemId: callId, isBlocking: true },
            questions: questions.map(questionParams),
          })
        : this.#peer.request("mcpServer/elicitation/request", { ...of, ...elicitationParams(elicitation, requestId) })
    this.#open.set(requestId, { id, callId })
    const reply = await answer
    if (!this.#open.delete(requestId)) return undefined
    const said = elicitation === undefined ? readAnswers(reply, questions) : readElicited(reply)
    return { type: "client.answer", sessionId, clientId, requestId, ...said }
  }

  /** A call is over: its questions need no answer any more. */
  settled(callId: string): void {
    for (const [requestId, open] of this.#open) {
      if (open.callId !== callId) continue
      this.#open.delete(requestId)
      this.#peer.forget(open.id)
      this.#peer.notify("serverRequest/resolved", { threadId: this.#threadId, requestId: open.id })
    }
  }
}

function elicitationParams({ server, message, schema, url }: Elicitation, requestId: string): Json {
  const told = { serverName: server, message, _meta: null }
  if (url !== undefined) return { ...told, mode: "url", url, elicitationId: requestId }
  return { ...told, mode: "form", requestedSchema: asObject(schema) ?? { type: "object", properties: {} } }
}

function readElicited(reply: Json | undefined) {
  const action = ACTIONS.find((word) => word === reply?.action)
  if (action === undefined) return { error: "" }
  const elicited: ElicitationAnswer = { action, ...given("content", asObject(reply?.content)) }
  return { result: { elicited } }
}

const ACTIONS = ["accept", "decline", "cancel"] as const

function questionParams({ header, question, options, isFree }: PersonQuestion, at: number): Json {
  const shown = options.map(({ label, description }) => ({ label, description: description ?? "" }))
  const choices = shown.length === 0 ? null : shown
  return { id: `q${at + 1}`, header, question, isOther: isFree && choices !== null, isSecret: false, options: choices }
}

function readAnswers(reply: Json | undefined, questions: readonly PersonQuestion[]) {
  const all = asObject(reply?.answers)
  if (all === undefined) return { error: "" }
  const answers = questions.map((question, at) => readOne(question, asTexts(asObject(all[`q${at + 1}`])?.answers)))
  const isSilent = answers.every(({ chosen, text }) => chosen.length === 0 && text === undefined)
  return isSilent ? { error: "" } : { result: { answers } }
}

/** Labels that were chosen, and what else was written. Codex's own client marks that by `user_note: `. */
function readOne(question: PersonQuestion, said: readonly string[]): QuestionAnswer {
  const chosen = said.filter((text) => question.options.some(({ label }) => label === text))
  const words = said.filter((text) => !chosen.includes(text)).map((text) => text.replace(/^user_note: /, ""))
  const text = words.join("\n").trim()
  if (chosen.length > 0 || text === "") return { chosen, ...(text === "" ? {} : { text }) }
  const read = answerOf(question, text)
  return typeof read === "string" ? { chosen: [], text } : read
}
