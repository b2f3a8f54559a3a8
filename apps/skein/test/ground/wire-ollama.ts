import { type Conversation, checkPairs, type Frame, must, type Reply, type Wire } from "./wire.ts"

interface Message {
  readonly role: string
  readonly content: string
  readonly tool_name?: string
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: unknown } }[]
}
interface Body {
  readonly model: string
  readonly stream?: boolean
  readonly messages: readonly Message[]
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters: unknown } }[]
  readonly options?: { readonly num_ctx?: number }
}

const MODEL = "qwen3"
/** Of its Modelfile: as large as those of the other wires, so that a conversation is as long. */
const WINDOW = 200_000

/** Ollama's own chat: a JSON object a line, and a server that is asked what its model can. */
export const ollama: Wire = {
  name: "Ollama",
  model: `ollama/${MODEL}`,
  env: (url) => ({ OLLAMA_HOST: url }),
  path: /^\/api\/chat$/,
  keyHeader: "authorization",
  contentType: "application/x-ndjson",
  frames,
  encode: (all) => Buffer.from(all.map(({ data }) => `${data}\n`).join("")),
  read,
  facts: {
    "/api/tags": { models: [{ name: `${MODEL}:latest`, model: `${MODEL}:latest`, details: { family: "qwen3" } }] },
    "/api/ps": { models: [{ name: `${MODEL}:latest`, model: `${MODEL}:latest`, context_length: WINDOW }] },
    "/api/show": {
      parameters: `num_ctx    ${WINDOW}`,
      capabilities: ["completion", "tools"],
      model_info: { "general.architecture": "qwen3", "qwen3.context_length": WINDOW },
    },
  },
  // It has no names for what goes wrong, only words.
  error: (type, message) => JSON.stringify({ error: type === "insufficient_quota" ? `${type} ${message}` : message }),
  errorFrame: (_, message) => ({ data: JSON.stringify({ error: message }) }),
}

/** Calls come whole, each in a line of its own, and without ids: nothing of one can come apart or between another's. */
function frames({ text, calls = [], lacksUsage }: Reply): readonly Frame[] {
  const line = (message: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): Frame => ({
    data: JSON.stringify({
      model: MODEL,
      created_at: "2026-01-02T03:04:05.678901Z",
      message: { role: "assistant", content: "", ...message },
      done: false,
      ...more,
    }),
  })
  const usage = lacksUsage === true ? {} : { prompt_eval_count: 10, eval_count: 7 }
  return [
    ...[...(text ?? "").matchAll(/[\s\S]{1,9}/gu)].map(([content]) => line({ content })),
    ...calls.map(({ name, args }) => line({ tool_calls: [{ function: { name, arguments: args } }] })),
    line({}, { done: true, done_reason: "stop", total_duration: 1_000_000, ...usage }),
  ]
}

function read(value: unknown): Conversation {
  const { model, stream, messages, tools = [], options } = value as Body
  must(model === MODEL, `model '${model}' not found`)
  must(stream !== false, "a stream is asked for")
  must(options?.num_ctx === WINDOW, `the window asked for is the model's own, not ${options?.num_ctx}`)
  for (const [at, message] of messages.entries()) checkMessage(message, at)
  const { calls, results } = paired(messages)
  checkPairs(calls, results)
  const texts = (role: string) =>
    messages.filter((message) => message.role === role && message.content !== "").map(({ content }) => content)
  return {
    system: texts("system").join("\n"),
    tools: tools.map((tool) => ({ name: tool.function.name, schema: tool.function.parameters })),
    // One text to a message: what was said twice before an answer came is in lines.
    said: texts("user").flatMap((text) => text.split("\n")),
    answered: texts("assistant"),
    calls,
    results,
  }
}

function checkMessage({ role, content, tool_calls = [] }: Message, at: number): void {
  must(["system", "user", "assistant", "tool"].includes(role), `invalid role ${role}`)
  must(role !== "system" || at === 0, "the system message is the first")
  must(typeof content === "string", "content is a text")
  must(content !== "" || tool_calls.length > 0, `message ${at} of ${role} is empty`)
  for (const call of tool_calls) {
    const { arguments: args } = call.function
    must(typeof args === "object" && args !== null && !Array.isArray(args), "arguments are an object")
  }
}

/** Results have no ids either: they stand right after their calls, in the same order, under the names of their tools. */
function paired(messages: readonly Message[]): Pick<Conversation, "calls" | "results"> {
  const calls: Conversation["calls"][number][] = []
  const results: Conversation["results"][number][] = []
  let open: { readonly id: string; readonly name: string }[] = []
  for (const { role, content, tool_name, tool_calls = [] } of messages) {
    if (role === "tool") {
      const call = open.shift()
      must(call !== undefined && call.name === tool_name, `the result of ${tool_name} is not for ${call?.name}`)
      results.push({ id: call?.id ?? "", text: content })
      continue
    }
    must(open.length === 0, `calls of ${open.map(({ name }) => name)} have no results before the next message`)
    const asked = tool_calls.map((call, nth) => ({
      id: `call_${calls.length + nth}`,
      name: call.function.name,
      args: call.function.arguments,
    }))
    calls.push(...asked)
    open = asked
  }
  return { calls, results }
}
