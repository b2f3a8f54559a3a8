import {
  checkFields,
  checkResults,
  events,
  type Heard,
  type Json,
  list,
  must,
  pieces,
  proofOf,
  type ServedWire,
  type Spoken,
  text,
  thoughtOf,
} from "./spoken.ts"

/** Anthropic's Messages. */
export const messages: ServedWire = {
  contentType: "text/event-stream",
  read(body, manners) {
    checkFields(body, manners)
    must(body.stream === true && typeof body.max_tokens === "number", "stream and max_tokens are required")
    const all = list(body.messages)
    checkThinking(body, all)
    for (const [at, message] of all.entries()) checkMessage(message, all[at + 1], at)
    must(all.at(-1)?.role === "user", "the last message must be the user's")
    must(marks(body) <= 4, "A maximum of 4 blocks with cache_control may be provided")
    const blocks = all.filter(({ role }) => role === "user").flatMap(({ content }) => list(content))
    const results = blocks.filter(({ type }) => type === "tool_result")
    return {
      own: all.filter(({ role }) => role === "assistant").map(heard),
      results: results.map((result) => ({
        id: text(result.tool_use_id),
        text: textsOf(result.content).join("\n"),
        isError: result.is_error === true,
      })),
      said: textsOf(blocks),
      pictures: [...blocks, ...results.flatMap(({ content }) => list(content))].filter(({ type }) => type === "image")
        .length,
      isAgent: list(all.at(-1)?.content).some(({ type }) => type === "tool_result"),
      tools: list(body.tools).map(({ name }) => text(name)),
    }
  },
  reply: (spoken, seed, manners) => events(framesOf(spoken, seed, manners.reasoning !== undefined)),
}

function checkMessage(message: Json, next: Json | undefined, at: number): void {
  must(message.role === (at % 2 === 0 ? "user" : "assistant"), "roles must alternate, the user first")
  const blocks = list(message.content)
  must(blocks.length > 0, "all messages must have non-empty content")
  must(!textsOf(blocks).some((said) => said.trim() === ""), "text content blocks must contain non-whitespace text")
  const ids = blocks.filter(({ type }) => type === "tool_use").map(({ id }) => text(id))
  for (const id of ids) must(/^[\w-]+$/.test(id), `tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$': ${id}`)
  if (message.role !== "assistant") return
  must(!isThought(blocks.at(-1)), "The final block in an assistant message cannot be thinking")
  const after = list(next?.content)
  checkResults(
    ids,
    after.filter(({ type }) => type === "tool_result").map(({ tool_use_id }) => text(tool_use_id)),
  )
  const firstOther = after.findIndex(({ type }) => type !== "tool_result")
  must(
    ids.length === 0 || firstOther < 0 || firstOther >= ids.length,
    "tool_result blocks must come first in the message",
  )
}

/** Inside a tool loop the model's messages begin with its thinking, while thinking is asked for. */
function checkThinking(body: Json, all: readonly Json[]): void {
  const thinking = body.thinking as Json | undefined
  if (thinking === undefined) return
  const budget = thinking.budget_tokens
  must(budget === undefined || Number(body.max_tokens) > Number(budget), "max_tokens must be greater than the budget")
  const start = all.findLastIndex(
    ({ role, content }) => role === "user" && !list(content).some(({ type }) => type === "tool_result"),
  )
  for (const { role, content } of all.slice(start + 1)) {
    if (role === "assistant") must(isThought(list(content)[0]), "Expected `thinking`, but found another block first")
  }
}

function isThought(block: Json | undefined): boolean {
  return block?.type === "thinking" || block?.type === "redacted_thinking"
}

function heard({ content }: Json): Heard {
  const blocks = list(content)
  const thought = blocks.find(isThought)
  if (thought !== undefined) must(text(thought.signature) !== "", "thinking.signature: Field required")
  return {
    text: textsOf(blocks).join(""),
    calls: blocks
      .filter(({ type }) => type === "tool_use")
      .map(({ id, name, input }) => ({ id: text(id), name: text(name), args: input })),
    proof: text(thought?.signature),
  }
}

function marks(body: Json): number {
  return JSON.stringify(body).split('"cache_control"').length - 1
}

function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content]
  return list(content).flatMap((block) => (block.type === "text" ? [text(block.text)] : []))
}

function framesOf({ text: said, calls = [], isCut }: Spoken, seed: number, thinks: boolean) {
  const frame = (type: string, body: Json) => ({ event: type, data: { type, ...body } })
  const blocks = [
    ...(thinks
      ? [
          {
            start: { type: "thinking", thinking: "", signature: "" },
            deltas: [
              ...pieces(thoughtOf(seed)).map((thinking) => ({ type: "thinking_delta", thinking })),
              { type: "signature_delta", signature: proofOf(seed) },
            ],
          },
        ]
      : []),
    ...(said === undefined
      ? []
      : [
          {
            start: { type: "text", text: "" },
            deltas: pieces(said).map((piece) => ({ type: "text_delta", text: piece })),
          },
        ]),
    ...calls.map(({ name, args }, at) => ({
      start: { type: "tool_use", id: `toolu_${seed}_${at}`, name, input: {} },
      deltas: pieces(JSON.stringify(args), 3).map((partial_json) => ({ type: "input_json_delta", partial_json })),
    })),
  ]
  const frames = [
    frame("message_start", { message: { id: `msg_${seed}`, usage: { input_tokens: 10, output_tokens: 1 } } }),
    ...blocks.flatMap(({ start, deltas }, index) => [
      frame("content_block_start", { index, content_block: start }),
      ...deltas.map((delta) => frame("content_block_delta", { index, delta })),
      frame("content_block_stop", { index }),
    ]),
  ]
  if (isCut === true) return frames.slice(0, -2)
  const stop_reason = calls.length > 0 ? "tool_use" : "end_turn"
  return [
    ...frames,
    frame("message_delta", { delta: { stop_reason }, usage: { output_tokens: 7 } }),
    frame("message_stop", {}),
  ]
}
