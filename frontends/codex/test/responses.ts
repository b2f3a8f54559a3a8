/** What the mock provider answers. `hangs`: the reply starts and never ends. */
export interface Reply {
  readonly text?: string
  readonly call?: { readonly name: string; readonly input: unknown }
  readonly hangs?: true
  readonly status?: number
}

export interface SeenRequest {
  readonly key: string | null
  readonly model: string
  readonly effort: string | undefined
  readonly format: unknown
  /** The newest input item. */
  readonly last: { readonly type: string; readonly content?: readonly Part[] }
}

interface Part {
  readonly type: string
  readonly text?: string
  readonly image_url?: string
}

interface Body {
  readonly model: string
  readonly input: readonly SeenRequest["last"][]
  readonly reasoning?: { readonly effort?: string }
  readonly text?: { readonly format?: unknown }
}

/** A provider on loopback that speaks streams of the Responses API. It answers a tool's result with `All done here.` */
export function responses(replyTo: (prompt: string) => Reply) {
  const seen: SeenRequest[] = []
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      if (!new URL(request.url).pathname.endsWith("/responses")) return new Response("", { status: 404 })
      const { model, input, reasoning, text } = (await request.json()) as Body
      const last = input.at(-1) ?? { type: "none" }
      const key = request.headers.get("authorization")
      seen.push({ key, model, effort: reasoning?.effort, format: text?.format, last })
      // The newest part: what a turn that was cut short left unanswered stands before it.
      const prompt = last.content?.at(-1)?.text ?? ""
      return stream(last.type === "function_call_output" ? { text: "All done here." } : replyTo(prompt))
    },
  })
  return { url: `http://127.0.0.1:${server.port}/v1`, seen, stop: () => server.stop(true) }
}

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 7 },
  total_tokens: 130,
}

function stream({ text, call, hangs, status }: Reply): Response {
  if (status !== undefined) return Response.json({ error: { message: "The mock refuses." } }, { status })
  const events: Record<string, unknown>[] = [{ type: "response.created", response: { id: "resp_1" } }]
  const item = (content: Record<string, unknown>, delta: Record<string, unknown>) => {
    const output_index = events.filter(({ type }) => type === "response.output_item.added").length
    events.push({ type: "response.output_item.added", output_index, item: { ...content, content: [], arguments: "" } })
    events.push({ ...delta, output_index, item_id: content.id })
    if (!hangs) events.push({ type: "response.output_item.done", output_index, item: content })
  }
  if (text !== undefined) {
    const content = [{ type: "output_text", text }]
    item(
      { type: "message", id: "msg_1", role: "assistant", content },
      { type: "response.output_text.delta", content_index: 0, delta: text },
    )
  }
  if (call) {
    const argumentsText = JSON.stringify(call.input)
    item(
      { type: "function_call", id: "fc_1", call_id: "call_1", name: call.name, arguments: argumentsText },
      { type: "response.function_call_arguments.delta", delta: argumentsText },
    )
  }
  if (!hangs) events.push({ type: "response.completed", response: { id: "resp_1", usage: USAGE } })
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
