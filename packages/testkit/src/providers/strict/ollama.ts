import {
  checkFields,
  type Heard,
  type Json,
  list,
  must,
  pieces,
  type ServedWire,
  type Spoken,
  text,
  thoughtOf,
} from "./spoken.ts"

/** Ollama's own chat: a JSON object a line; calls and results have no ids, and belong together by their order. */
export const ollama: ServedWire = {
  contentType: "application/x-ndjson",
  read(body, manners) {
    checkFields(body, manners)
    const messages = list(body.messages)
    for (const [at, message] of messages.entries()) checkMessage(messages, message, at)
    const results = messages.filter(({ role }) => role === "tool")
    return {
      own: messages.filter(({ role }) => role === "assistant").map(heard),
      results: results.map((message) => ({ id: text(message.tool_name), text: text(message.content) })),
      said: messages.filter(({ role }) => role === "user").map(({ content }) => text(content)),
      pictures: messages.flatMap(({ images }) => (Array.isArray(images) ? images : [])).length,
      isAgent: messages.at(-1)?.role === "tool" || messages.at(-2)?.role === "tool",
      tools: list(body.tools).map((tool) => text((tool.function as Json).name)),
    }
  },
  reply: (spoken, seed) => linesOf(spoken, seed),
}

function checkMessage(messages: readonly Json[], message: Json, at: number): void {
  const role = text(message.role)
  must(["system", "user", "assistant", "tool"].includes(role), `invalid role ${role}`)
  must(role !== "system" || at === 0, "the system message must be the first")
  must(typeof message.content === "string", "content must be a string")
  const calls = namesIn(message)
  const after = messages.slice(at + 1)
  const end = after.findIndex((next) => next.role !== "tool")
  const told = (end < 0 ? after : after.slice(0, end)).map(({ tool_name }) => text(tool_name))
  if (role !== "assistant") return
  must(JSON.stringify(calls) === JSON.stringify(told), `calls [${calls}] are followed by results of [${told}]`)
}

function namesIn(message: Json): readonly string[] {
  return list(message.tool_calls).map((call) => text((call.function as Json).name))
}

function heard(message: Json): Heard {
  const calls = list(message.tool_calls).map((call, at) => {
    const { name, arguments: args } = call.function as Json
    must(typeof args === "object" && args !== null, "arguments must be an object")
    return { id: `${at} ${text(name)}`, name: text(name), args }
  })
  const thinking = text(message.thinking)
  return { text: text(message.content), calls, proof: /^I think \((proof-\d+)\)\.$/.exec(thinking)?.[1] ?? thinking }
}

function linesOf({ text: said, calls = [], isCut }: Spoken, seed: number): Uint8Array {
  const line = (message: Json, more: Json = { done: false }) =>
    `${JSON.stringify({ model: "qwen3", message: { role: "assistant", content: "", ...message }, ...more })}\n`
  const lines = [
    ...pieces(thoughtOf(seed)).map((thinking) => line({ thinking })),
    ...pieces(said ?? "").map((content) => line({ content })),
    ...calls.map(({ name, args }) => line({ tool_calls: [{ function: { name, arguments: args } }] })),
  ].join("")
  const last = line({}, { done: true, done_reason: "stop", prompt_eval_count: 10, eval_count: 7 })
  // The last call's line ends in the middle of its arguments.
  return new TextEncoder().encode(isCut === true ? lines.slice(0, -8) : lines + last)
}
