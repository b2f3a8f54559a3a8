import type { EventOf } from "@skein/protocol"
import { asObject, asText, asTexts, given, type Json } from "@skein/protocol/json"
import {
  answerOf,
  answerText,
  type Elicitation,
  type ElicitationAnswer,
  type PersonQuestion,
  type QuestionAnswer,
  QuestionRequest,
} from "@skein/protocol/questions"
import type { HostHooks } from "./hooks.ts"
import type { HostRequests } from "./host.ts"
import type { HostCall } from "./host-call.ts"
import type { HostSession } from "./session.ts"
import { claudeInput, claudeTool } from "./words.ts"

/**
 * Asks the host, and tells the engine what it answered; nothing, when the call that asked was over first. Our request has the
 * call's id: the end of the call takes it back.
 */
export async function askHost(
  event: EventOf<"client.requested">,
  session: HostSession,
  host: HostRequests,
  hooks?: HostHooks,
): Promise<void> {
  const { requestId, clientId } = event
  const { callId, questions, elicitation } = QuestionRequest().parse(event.payload)
  const { sessionId } = session
  if (elicitation !== undefined) {
    const said = await elicited(elicitation, requestId, { session, host, hooks })
    const result = said === undefined ? { error: "" } : { result: { elicited: said } }
    await session.submit({ type: "client.answer", sessionId, clientId, requestId, ...result })
    return
  }
  if (!session.isAnswering()) {
    const error = "Nobody is there to ask."
    await session.submit({ type: "client.answer", sessionId, clientId, requestId, error })
    return
  }
  const call = callId === undefined ? undefined : session.translator.call(callId)
  const reply = await host
    .ask(callId ?? requestId, questionRequest(questions, call, requestId))
    .catch((error: unknown): Json => ({ behavior: "deny", message: error instanceof Error ? error.message : "" }))
  if (!reply) return
  const said = readAnswers(reply, questions)
  await session.submit({ type: "client.answer", sessionId, clientId, requestId, ...said })
}

interface Eliciting {
  readonly session: HostSession
  readonly host: HostRequests
  readonly hooks: HostHooks | undefined
}

/** A form or an address of a server is the host's to show. Its hooks hear of it before and after, and may answer in its place. */
async function elicited(
  { server, message, schema, url }: Elicitation,
  requestId: string,
  { session, host, hooks }: Eliciting,
): Promise<ElicitationAnswer | undefined> {
  const mode = url === undefined ? "form" : "url"
  const told = {
    mcp_server_name: server,
    message,
    mode,
    ...given("url", url),
    ...given("elicitation_id", url && requestId),
  }
  const fields = { ...session.facts, ...told, ...given("requested_schema", asObject(schema)) }
  const first = await hooks?.at("Elicitation", fields, { subject: server })
  const own = first === undefined ? undefined : elicitationAnswer(first.own)
  const reply =
    own ??
    elicitationAnswer(
      await host
        .ask(requestId, { subtype: "elicitation", ...told, ...given("requested_schema", asObject(schema)) })
        .catch((): Json => ({ action: "cancel" })),
    )
  const after = await hooks?.at("ElicitationResult", { ...session.facts, ...told, ...reply }, { subject: server })
  return (after === undefined ? undefined : elicitationAnswer(after.own)) ?? reply
}

function elicitationAnswer(said: Json | undefined): ElicitationAnswer | undefined {
  const action = (["accept", "decline", "cancel"] as const).find((word) => word === said?.action)
  return action === undefined ? undefined : { action, ...given("content", asObject(said?.content)) }
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
