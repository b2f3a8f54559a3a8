import { type Conversation, checkPairs, type Frame, KEY, must, type Reply, turns, type Wire } from "./wire.ts"

type Block = Readonly<Record<string, unknown>>
interface Body {
  readonly system?: readonly Block[]
  readonly tools?: readonly { name: string; input_schema: unknown; description: string }[]
  readonly messages: readonly { role: "user" | "assistant"; content: readonly Block[] }[]
  readonly max_tokens?: number
  readonly stream?: boolean
}

export const anthropic: Wire = {
  name: "Anthropic Messages",
  model: "anthropic/claude-sonnet-5-5",
  env: (url) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: KEY }),
  path: /^\/v1\/messages$/,
  keyHeader: "x-api-key",
  frames,
  read,
  error: (type, message) => JSON.stringify({ type: "error", error: { type, message } }),
  errorFrame: (type, message) => frame("error", { error: { type, message } }),
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
  const usage = lacksUsage ? {} : { usage: { input_tokens: 10, output_tokens: 1 } }
  const pieces = calls.map(({ args }) => split(JSON.stringify(args)))
  const delta = (at: number, piece: string) =>
    frame("content_block_delta", { index: at + offset, delta: { type: "input_json_delta", partial_json: piece } })
  const opened = calls.map(({ name }, at) =>
    frame("content_block_start", {
      index: at + offset,
      content_block: { type: "tool_use", id: `toolu_${seed}_${at}`, name, input: {} },
    }),
  )
  const closed = calls.map((_, at) => frame("content_block_stop", { index: at + offset }))
  const said = [...(text ?? "").matchAll(/[\s\S]{1,9}/gu)].map(([piece]) =>
    frame("content_block_delta", { index: first, delta: { type: "text_delta", text: piece } }),
  )
  return [
    frame("message_start", { message: { id: `msg_${seed}`, ...usage } }),
    ...(thought === undefined ? [] : thoughtFrames(thought)),
    ...(text === undefined
      ? []
      : [
          frame("content_block_start", { index: first, content_block: { type: "text", text: "" } }),
          ...said,
          frame("content_block_stop", { index: first }),
        ]),
    ...(isInterleaved
      ? [...opened, ...turns(pieces, delta), ...closed]
      : calls.flatMap((_, at) => [
          ...opened.slice(at, at + 1),
          ...(pieces[at] ?? []).map((piece) => delta(at, piece)),
          ...closed.slice(at, at + 1),
        ])),
    frame("message_delta", {
      delta: { stop_reason: calls.length > 0 ? "tool_use" : "end_turn" },
      ...(lacksUsage ? {} : { usage: { output_tokens: 7 } }),
    }),
    frame("message_stop", {}),
  ]
}

function thoughtFrames({ text, signature }: NonNullable<Reply["thought"]>): Frame[] {
  const delta = (more: object) => frame("content_block_delta", { index: 0, delta: more })
  return [
    frame("content_block_start", { index: 0, content_block: { type: "thinking", thinking: "", signature: "" } }),
    delta({ type: "thinking_delta", thinking: text }),
    delta({ type: "signature_delta", signature }),
    frame("content_block_stop", { index: 0 }),
  ]
}

function read(value: unknown): Conversation {
  const body = value as Body
  must(Number.isInteger(body.max_tokens) && Number(body.max_tokens) > 0, "max_tokens is required")
  must(body.stream === true, "a stream is asked for")
  must(body.messages[0]?.role === "user", "the first message is the user's")
  must(body.messages.at(-1)?.role === "user", "the last message is the user's: no prefill")
  const marks = JSON.stringify(value).split('"cache_control"').length - 1
  must(marks <= 4, `at most 4 cache marks, not ${marks}`)
  let open: string[] = []
  let before = "assistant"
  for (const { role, content } of body.messages) {
    must(content.length > 0, "no message is empty")
    must(role !== before, `two messages of ${role} in a row`)
    before = role
    const results = content.filter(({ type }) => type === "tool_result").map((block) => String(block.tool_use_id))
    must(JSON.stringify(results.toSorted()) === JSON.stringify(open.toSorted()), `calls ${open} got results ${results}`)
    must(
      content.slice(0, results.length).every(({ type }) => type === "tool_result"),
      "results come first in their message",
    )
    for (const block of content) if (block.type === "text") must(String(block.text).trim() !== "", "no text is blank")
    open = content.filter(({ type }) => type === "tool_use").map((block) => String(block.id))
    must(role === "assistant" || open.length === 0, "only the model calls")
  }
  must(open.length === 0, `calls ${open} have no results`)
  const of = (role: string, type: string) =>
    body.messages
      .filter((message) => message.role === role)
      .flatMap(({ content }) => content.filter((b) => b.type === type))
  const calls = of("assistant", "tool_use").map(({ id, name, input }) => ({
    id: String(id),
    name: String(name),
    args: input,
  }))
  const results = of("user", "tool_result").map(({ tool_use_id, content }) => ({
    id: String(tool_use_id),
    text: (content as Block[]).map(({ text }) => text).join(""),
  }))
  checkPairs(calls, results)
  return {
    system: (body.system ?? []).map(({ text }) => text).join("\n"),
    tools: (body.tools ?? []).map(({ name, input_schema }) => ({ name, schema: input_schema })),
    said: of("user", "text").map(({ text }) => String(text)),
    answered: of("assistant", "text").map(({ text }) => String(text)),
    calls,
    results,
  }
}
