import { type Conversation, checkPairs, type Frame, KEY, must, type Reply, turns, type Wire } from "./wire.ts"

type Item = Readonly<Record<string, unknown>>
interface Body {
  readonly instructions?: string
  readonly tools?: readonly { type: string; name: string; parameters: unknown }[]
  readonly input: readonly Item[]
  readonly stream?: boolean
}

export const responses: Wire = {
  name: "OpenAI Responses",
  model: "openai/gpt-6.1-terra",
  env: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: KEY }),
  path: /^\/v1\/responses$/,
  keyHeader: "authorization",
  frames,
  read,
  error: (type, message) => JSON.stringify({ error: { type, code: type, message } }),
  errorFrame: (type, message) =>
    frame("response.failed", { response: { status: "failed", error: { code: type, message } } }),
}

function frame(type: string, body: Readonly<Record<string, unknown>>): Frame {
  return { event: type, data: JSON.stringify({ type, ...body }) }
}

function frames(
  { thought, text, calls = [], split = (json) => [json], isInterleaved, lacksUsage }: Reply,
  seed: string,
) {
  const first = thought === undefined ? 0 : 1
  const offset = first + (text === undefined ? 0 : 1)
  const pieces = calls.map(({ args }) => split(JSON.stringify(args)))
  const item = (at: number, json: string, status: string) => ({
    type: "function_call",
    id: `fc_${seed}_${at}`,
    call_id: `call_${seed}_${at}`,
    name: calls[at]?.name,
    arguments: json,
    status,
  })
  const opened = calls.map((_, at) =>
    frame("response.output_item.added", { output_index: at + offset, item: item(at, "", "in_progress") }),
  )
  const closed = calls.map(({ args }, at) =>
    frame("response.output_item.done", {
      output_index: at + offset,
      item: item(at, JSON.stringify(args), "completed"),
    }),
  )
  const delta = (at: number, piece: string) =>
    frame("response.function_call_arguments.delta", {
      item_id: `fc_${seed}_${at}`,
      output_index: at + offset,
      delta: piece,
    })
  const message = { type: "message", id: `msg_${seed}`, role: "assistant" }
  const said = [...(text ?? "").matchAll(/[\s\S]{1,9}/gu)].map(([piece]) =>
    frame("response.output_text.delta", { item_id: message.id, output_index: first, content_index: 0, delta: piece }),
  )
  const usage = lacksUsage ? {} : { usage: { input_tokens: 10, output_tokens: 7 } }
  return [
    frame("response.created", { response: { id: `resp_${seed}` } }),
    ...(thought === undefined ? [] : thoughtFrames(thought, seed)),
    ...(text === undefined
      ? []
      : [
          frame("response.output_item.added", { output_index: first, item: { ...message, content: [] } }),
          ...said,
          frame("response.output_item.done", {
            output_index: first,
            item: { ...message, content: [{ type: "output_text", text }] },
          }),
        ]),
    ...(isInterleaved
      ? [...opened, ...turns(pieces, delta), ...closed.toReversed()]
      : calls.flatMap((_, at) => [
          ...opened.slice(at, at + 1),
          ...(pieces[at] ?? []).map((piece) => delta(at, piece)),
          ...closed.slice(at, at + 1),
        ])),
    frame("response.completed", { response: { id: `resp_${seed}`, status: "completed", ...usage } }),
  ]
}

function thoughtFrames({ text, signature }: NonNullable<Reply["thought"]>, seed: string): Frame[] {
  const item = { type: "reasoning", id: `rs_${seed}`, summary: [{ type: "summary_text", text }] }
  return [
    frame("response.output_item.added", { output_index: 0, item: { ...item, summary: [] } }),
    frame("response.output_item.done", { output_index: 0, item: { ...item, encrypted_content: signature } }),
  ]
}

function read(value: unknown): Conversation {
  const body = value as Body
  must(body.stream === true, "a stream is asked for")
  const seen = new Set<string>()
  const answered = new Set<string>()
  for (const [at, item] of body.input.entries()) {
    const next = body.input[at + 1]
    if (item.type === "function_call") {
      must(typeof item.arguments === "string" && JSON.parse(item.arguments) !== null, "arguments are JSON in a text")
      seen.add(String(item.call_id))
    } else if (item.type === "function_call_output") {
      must(seen.has(String(item.call_id)), `no call ${item.call_id} before its output`)
      answered.add(String(item.call_id))
    } else if (item.type === "reasoning") {
      must(next !== undefined && next.role !== "user", "reasoning is followed by what it led to")
    } else {
      must(item.role !== "user" || seen.size === answered.size, `calls without output before a message: ${[...seen]}`)
      must((item.content as unknown[]).length > 0, "no message is empty")
    }
  }
  const calls = body.input
    .filter(({ type }) => type === "function_call")
    .map((item) => ({ id: String(item.call_id), name: String(item.name), args: JSON.parse(String(item.arguments)) }))
  const results = body.input
    .filter(({ type }) => type === "function_call_output")
    .map(({ call_id, output }) => ({ id: String(call_id), text: String(output) }))
  checkPairs(calls, results)
  const texts = (role: string) =>
    body.input
      .filter((item) => item.role === role)
      .flatMap(({ content }) =>
        (content as { text?: string }[]).flatMap(({ text }) => (text === undefined ? [] : [text])),
      )
  return {
    system: body.instructions ?? "",
    tools: (body.tools ?? []).map(({ name, parameters }) => ({ name, schema: parameters })),
    said: texts("user"),
    answered: texts("assistant"),
    calls,
    results,
  }
}
