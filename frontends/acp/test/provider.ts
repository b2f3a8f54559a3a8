/** What the provider on loopback answers to a prompt. `hangs`: the reply starts and never ends. */
export interface Reply {
  readonly text?: string
  readonly call?: { readonly name: string; readonly input: unknown }
  readonly hangs?: true
}

interface Block {
  readonly type: string
  readonly text?: string
}

/** Speaks streams of the Anthropic Messages API. It answers a tool's result with `All done here.` */
export function provider(replyTo: (prompt: string) => Reply) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      if (!new URL(request.url).pathname.endsWith("/v1/messages")) return new Response("", { status: 404 })
      const { messages } = (await request.json()) as { messages: { content: string | Block[] }[] }
      const last = messages.at(-1)?.content ?? ""
      const blocks: Block[] = typeof last === "string" ? [{ type: "text", text: last }] : last
      const hasResult = blocks.some(({ type }) => type === "tool_result")
      const prompt = blocks.map(({ text }) => text ?? "").join("\n")
      return streamOf(hasResult ? { text: "All done here." } : replyTo(prompt))
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}

function streamOf({ text, call, hangs }: Reply): Response {
  const usage = { input_tokens: 10, output_tokens: 1 }
  const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-5", content: [], usage }
  const contents = [
    ...(text === undefined
      ? []
      : [
          [
            { type: "text", text: "" },
            { type: "text_delta", text },
          ],
        ]),
    ...(call === undefined ? [] : [callOf(call)]),
  ]
  const blocks = contents.flatMap(([content_block, delta], index) => [
    { type: "content_block_start", index, content_block },
    { type: "content_block_delta", index, delta },
    ...(hangs ? [] : [{ type: "content_block_stop", index }]),
  ])
  const end = [
    { type: "message_delta", delta: { stop_reason: call ? "tool_use" : "end_turn" }, usage: { output_tokens: 7 } },
    { type: "message_stop" },
  ]
  const events = [{ type: "message_start", message }, ...blocks, ...(hangs ? [] : end)]
  const body = new ReadableStream({
    start(controller) {
      for (const event of events) controller.enqueue(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      if (!hangs) controller.close()
    },
  })
  return new Response(body.pipeThrough(new TextEncoderStream()), { headers: { "content-type": "text/event-stream" } })
}

function callOf({ name, input }: NonNullable<Reply["call"]>) {
  return [
    { type: "tool_use", id: "toolu_1", name, input: {} },
    { type: "input_json_delta", partial_json: JSON.stringify(input) },
  ]
}
