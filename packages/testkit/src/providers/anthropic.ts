import { AFTER_TOOL, type Provider, type Reply, refusal, served, streamed, type WireEvent } from "./served.ts"

interface Block {
  readonly type: string
  readonly text?: string
}

interface Body {
  readonly messages: readonly { readonly content: string | readonly Block[] }[]
}

/** A provider on loopback that speaks streams of the Anthropic Messages API. */
export function anthropic(replyTo: (prompt: string) => Reply): Provider {
  let replies = 0
  return served("/v1/messages", (body) => {
    const last = (body as Body).messages.at(-1)?.content ?? ""
    const blocks: readonly Block[] = typeof last === "string" ? [{ type: "text", text: last }] : last
    const hasResult = blocks.some(({ type }) => type === "tool_result")
    const reply = hasResult ? AFTER_TOOL : replyTo(blocks.map(({ text }) => text ?? "").join("\n"))
    if (reply.status !== undefined) return refusal(reply.status)
    return streamed(eventsOf(reply, ++replies), reply.hangs)
  })
}

function eventsOf({ text, call, hangs }: Reply, id: number): WireEvent[] {
  const usage = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 2, cache_creation_input_tokens: 3 }
  const message = { id: `msg_${id}`, type: "message", role: "assistant", model: "claude-sonnet-4-5", content: [] }
  const blocks = [
    ...(text === undefined ? [] : [{ start: { type: "text", text: "" }, delta: { type: "text_delta", text } }]),
    ...(call === undefined ? [] : [callOf(call, id)]),
  ]
  const stop = { stop_reason: call ? "tool_use" : "end_turn", stop_sequence: null }
  return [
    { type: "message_start", message: { ...message, usage, stop_reason: null } },
    ...blocks.flatMap(({ start, delta }, index) => [
      { type: "content_block_start", index, content_block: start },
      { type: "content_block_delta", index, delta },
      ...(hangs ? [] : [{ type: "content_block_stop", index }]),
    ]),
    ...(hangs ? [] : [{ type: "message_delta", delta: stop, usage: { output_tokens: 7 } }, { type: "message_stop" }]),
  ]
}

function callOf({ name, input }: NonNullable<Reply["call"]>, id: number) {
  return {
    start: { type: "tool_use", id: `toolu_${id}`, name, input: {} },
    delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
  }
}
