import {
  checkFields,
  checkResults,
  events,
  type Heard,
  type Json,
  list,
  type Manners,
  must,
  pieces,
  type ServedWire,
  text,
  thoughtOf,
} from "./spoken.ts"

/** Chat Completions, as its strictest speakers read it. */
export const chat: ServedWire = {
  contentType: "text/event-stream",
  read(body, manners) {
    checkFields(body, manners)
    must(body.stream === true, "stream must be true")
    const messages = list(body.messages)
    checkOrder(messages, manners)
    const results = messages
      .filter(({ role }) => role === "tool")
      .map((message) => ({ id: text(message.tool_call_id), text: textsOf(message.content).join("") }))
    return {
      own: messages.filter(({ role }) => role === "assistant").map((message) => heard(message, manners)),
      results,
      said: messages.filter(({ role }) => role === "user").flatMap(({ content }) => textsOf(content)),
      pictures: messages.flatMap(({ content }) => list(content).filter(({ type }) => type === "image_url")).length,
      isAgent: messages.at(-1)?.role === "tool" || messages.at(-2)?.role === "tool",
      tools: list(body.tools).map((tool) => text((tool.function as Json).name)),
    }
  },
  reply: (spoken, seed, manners) => events(framesOf(spoken, seed, manners)),
}

function checkOrder(messages: readonly Json[], manners: Manners): void {
  const { callId = /^[\w.:-]{1,64}$/, systemRoles = ["system"], isAnswerNeededAfterResults } = manners
  for (const [at, message] of messages.entries()) {
    const role = text(message.role)
    const calls = list(message.tool_calls).map(({ id }) => text(id))
    for (const id of calls) must(callId.test(id), `tool call id ${id} must match ${callId}`)
    if (calls.length > 0) checkResults(calls, resultsAfter(messages, at))
    if (role === "tool")
      must(messages[at - 1]?.role === "tool" || hasCalls(messages[at - 1]), "a result without a call")
    must(["user", "assistant", "tool", ...systemRoles].includes(role), `unknown role ${role}`)
    must(!systemRoles.includes(role) || at === 0, "the system message must be the first")
    must(role !== "assistant" || calls.length > 0 || textsOf(message.content).join("") !== "", "an empty message")
    const isTooSoon = isAnswerNeededAfterResults === true && role === "user" && messages[at - 1]?.role === "tool"
    must(!isTooSoon, "Unexpected role 'user' after role 'tool'")
  }
  must(messages.at(-1)?.role !== "assistant", "Expected last role User or Tool")
}

function hasCalls(message: Json | undefined): boolean {
  return list(message?.tool_calls).length > 0
}

function resultsAfter(messages: readonly Json[], at: number): readonly string[] {
  const after = messages.slice(at + 1)
  const end = after.findIndex(({ role }) => role !== "tool")
  return (end < 0 ? after : after.slice(0, end)).map(({ tool_call_id }) => text(tool_call_id))
}

function heard(message: Json, { reasoning, echo }: Manners): Heard {
  const calls = list(message.tool_calls).map((call) => {
    const { name, arguments: args } = call.function as Json
    return { id: text(call.id), name: text(name), args: JSON.parse(text(args)) as unknown }
  })
  const field = reasoning ?? "reasoning_content"
  must(echo !== "refused" || message[field] === undefined, `messages: ${field} is not permitted`)
  must(echo !== "needed" || calls.length === 0 || message[field] !== undefined, `${field} is missing in a message`)
  return { text: textsOf(message.content).join(""), calls, proof: proofIn(message[field]) }
}

/** Details hold what proves the thought; a plain field is the thought itself. */
function proofIn(value: unknown): string {
  const detail = list(value)[0]
  if (detail !== undefined) return text(detail.signature)
  return /^I think \((proof-\d+)\)\.$/.exec(text(value))?.[1] ?? text(value)
}

function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content]
  return list(content).flatMap((part) => (part.type === "text" ? [text(part.text)] : []))
}

function framesOf(spoken: Parameters<ServedWire["reply"]>[0], seed: number, { reasoning }: Manners) {
  const { calls = [], isCut } = spoken
  const chunk = (delta: Json, finish: string | null = null) => ({
    data: { id: `chatcmpl-${seed}`, choices: [{ index: 0, delta, finish_reason: finish }] },
  })
  const frames = [
    chunk({ role: "assistant", content: "" }),
    ...(reasoning === undefined ? [] : thoughts(reasoning, seed).map((delta) => chunk(delta))),
    ...pieces(spoken.text ?? "").map((piece) => chunk({ content: piece })),
    ...calls.map(({ name }, at) =>
      chunk({
        tool_calls: [{ index: at, id: `call_${seed}_${at}`, type: "function", function: { name, arguments: "" } }],
      }),
    ),
    ...calls.flatMap(({ args }, at) =>
      pieces(JSON.stringify(args), 3).map((piece) =>
        chunk({ tool_calls: [{ index: at, function: { arguments: piece } }] }),
      ),
    ),
  ]
  if (isCut === true) return frames.slice(0, -1)
  const usage = { prompt_tokens: 10, completion_tokens: 7 }
  return [
    ...frames,
    chunk({}, calls.length > 0 ? "tool_calls" : "stop"),
    { data: { id: `chatcmpl-${seed}`, choices: [], usage } },
    { data: "[DONE]" },
  ]
}

function thoughts(field: string, seed: number): readonly Json[] {
  if (field !== "reasoning_details") return pieces(thoughtOf(seed)).map((piece) => ({ [field]: piece }))
  const detail = { type: "reasoning.text", index: 0, format: "x-v1" }
  return [
    ...pieces(thoughtOf(seed)).map((piece) => ({
      reasoning: piece,
      reasoning_details: [{ ...detail, text: piece }],
    })),
    { reasoning_details: [{ ...detail, signature: `proof-${seed}` }] },
  ]
}
