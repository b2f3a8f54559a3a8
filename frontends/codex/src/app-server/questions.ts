import type { EventOf, Op } from "@skein/protocol"
import { asObject, asTexts, type Json } from "@skein/protocol/json"
import { answerOf, type PersonQuestion, type QuestionAnswer, QuestionRequest } from "@skein/protocol/questions"
import type { Peer } from "./peer.ts"

/** What the model asks the person, as `item/tool/requestUserInput` asks a client of Codex's app-server. */
export class ThreadQuestions {
  readonly #peer: Peer
  readonly #threadId: string
  /** Ids of our requests, by the call that asks. */
  readonly #open = new Map<string, number>()

  constructor(peer: Peer, threadId: string) {
    this.#peer = peer
    this.#threadId = threadId
  }

  /** Resolves with what tells the engine the answers; undefined when nobody waits for them any more. */
  async ask(event: EventOf<"client.requested">, turnId: string): Promise<Op<"client.answer"> | undefined> {
    const { sessionId, clientId, requestId, payload } = event
    const { callId = requestId, questions } = QuestionRequest().parse(payload)
    const asked = { isBlocking: true, questions: questions.map(questionParams) }
    const params = { threadId: this.#threadId, turnId, itemId: callId, ...asked }
    const { id, answer } = this.#peer.request("item/tool/requestUserInput", params)
    this.#open.set(callId, id)
    const reply = await answer
    if (!this.#open.delete(callId)) return undefined
    return { type: "client.answer", sessionId, clientId, requestId, ...readAnswers(reply, questions) }
  }

  /** A call is over: its question needs no answer any more. */
  settled(callId: string): void {
    const id = this.#open.get(callId)
    if (id === undefined) return
    this.#open.delete(callId)
    this.#peer.forget(id)
    this.#peer.notify("serverRequest/resolved", { threadId: this.#threadId, requestId: id })
  }
}

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
