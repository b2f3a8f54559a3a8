/** What the mock provider answers to a prompt. `hangs`: the reply starts and never ends. */
export interface Reply {
  readonly text?: string
  readonly call?: { readonly name: string; readonly input: unknown }
  readonly hangs?: true
}

/** A provider on loopback that speaks streams of the Anthropic Messages API. It answers a tool's result with `done`. */
export function anthropic(replyTo: (prompt: string) => Reply) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      if (!new URL(request.url).pathname.endsWith("/v1/messages")) return new Response("", { status: 404 })
      const { messages } = (await request.json()) as { messages: { content: string | Block[] }[] }
      const last = messages.at(-1)?.content ?? ""
      const blocks: Block[] = typeof last === "string" ? [{ type: "text", text: last }] : last
      const hasResult = blocks.some((block) => block.type === "tool_result")
      const prompt = blocks.map((block) => block.text ?? "").join("\n")
      return stream(hasResult ? { text: "All done here." } : replyTo(prompt))
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}

interface Block {
  readonly type: string
  readonly text?: string
}

let replies = 0

function stream({ text, call, hangs }: Reply): Response {
  const id = ++replies
  const usage = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 2, cache_creation_input_tokens: 3 }
  const message = {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5",
    content: [],
    usage,
  }
  const events: { type: string }[] = [
    { type: "message_start", message: { ...message, stop_reason: null } } as { type: string },
  ]
  const block = (content_block: object, delta: object) => {
    const index = events.filter((event) => event.type === "content_block_start").length
    events.push({ type: "content_block_start", index, content_block } as { type: string })
    events.push({ type: "content_block_delta", index, delta } as { type: string })
    if (!hangs) events.push({ type: "content_block_stop", index } as { type: string })
  }
  if (text !== undefined) block({ type: "text", text: "" }, { type: "text_delta", text })
  if (call) {
    const delta = { type: "input_json_delta", partial_json: JSON.stringify(call.input) }
    block({ type: "tool_use", id: `toolu_${id}`, name: call.name, input: {} }, delta)
  }
  const delta = { stop_reason: call ? "tool_use" : "end_turn", stop_sequence: null }
  if (!hangs)
    events.push({ type: "message_delta", delta, usage: { output_tokens: 7 } } as { type: string }, {
      type: "message_stop",
    })
  const bytes = new TextEncoder().encode(
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
  )
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      if (!hangs) controller.close()
    },
  })
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}
