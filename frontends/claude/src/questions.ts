import type { EventOf } from "@skein/protocol"
import { asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import {
  answerOf,
  answerText,
  type PersonQuestion,
  type QuestionAnswer,
  QuestionRequest,
} from "@skein/protocol/questions"
import type { HostRequests } from "./host.ts"
import type { HostCall } from "./lines.ts"
import type { HostSession } from "./session.ts"
import { claudeInput, claudeTool } from "./words.ts"

/**
 * Asks the host, and tells the engine what it answered; nothing, when the call that asked was over first. Our request has the
 * call's id: the end of the call takes it back.
 */
export async function askHost(event: EventOf<"client.requested">, session: HostSession, host: HostRequests) {
  const { requestId, clientId } = event
  const { callId, questions } = QuestionRequest().parse(event.payload)
  const call = callId === undefined ? undefined : session.translator.call(callId)
  const reply = await host
    .ask(callId ?? requestId, questionRequest(questions, call, requestId))
    .catch((error: unknown): Json => ({ behavior: "deny", message: error instanceof Error ? error.message : "" }))
  if (!reply) return
  const said = readAnswers(reply, questions)
  await session.submit({ type: "client.answer", sessionId: session.sessionId, clientId, requestId, ...said })
}

/**
 * A host is asked what its person wants by `can_use_tool` of the tool AskUserQuestion: it allows the call with the answers in
 * `updatedInput.answers`, by the question's text.
 */
export function questionRequest(
  questions: readonly PersonQuestion[],
  call: HostCall | undefined,
  requestId: string,
): Json {
  return {
    subtype: "can_use_tool",
    tool_name: claudeTool("question"),
    display_name: claudeTool("question"),
    input: claudeInput("question", { questions }, "/"),
    tool_use_id: call?.toolUseId ?? requestId,
    suppress_always_allow_rule: true,
  }
}

/** What the host's reply says to the engine. An answer that is none of the options counts as the person's own words. */
export function readAnswers(
  reply: Json,
  questions: readonly PersonQuestion[],
): { readonly result: { readonly answers: readonly QuestionAnswer[] } } | { readonly error: string } {
  if (reply.behavior !== "allow") return { error: asText(reply.message) ?? "" }
  const said = asObject(asObject(reply.updatedInput)?.answers) ?? {}
  const answers = questions.map((question) => readOne(question, said[question.question] ?? said[question.header]))
  if (answers.every((answer) => answerText(answer) === "")) return { error: "" }
  return { result: { answers } }
}

function readOne(question: PersonQuestion, value: unknown): QuestionAnswer {
  const text = Array.isArray(value) ? asTexts(value).join(", ") : (asText(value) ?? "")
  // Hosts give labels as they were shown: a number among them is one, not a place in the list.
  const isLabel = question.options.some(({ label }) => label === text)
  if (isLabel) return { chosen: [text] }
  const read = answerOf(question, text)
  if (typeof read !== "string") return read
  return { chosen: [], ...(text === "" ? {} : { text }) }
}
