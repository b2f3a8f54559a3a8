/** What a model answers in a comparison, whichever program asks: both are told the same and call their own tools. */
export type Move =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "run"; readonly command: string; readonly isEscalated: boolean }
  | { readonly kind: "patch"; readonly path: string; readonly text: string }
  | { readonly kind: "use"; readonly tool: string; readonly input: unknown }
  | { readonly kind: "refuse"; readonly status: number }
  | { readonly kind: "hang"; readonly text: string }

interface Part {
  readonly text?: string
}
interface Item {
  readonly type?: string
  readonly role?: string
  readonly content?: readonly Part[] | string
}
interface Body {
  readonly input: readonly Item[]
  readonly tools?: readonly { readonly name?: string }[]
}

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 7 },
  total_tokens: 130,
}

/** A Responses API on loopback, and what it was asked. */
export function mockModel() {
  const asked: Body[] = []
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", idleTimeout: 120 },
    async fetch(request) {
      if (request.method !== "POST" || !new URL(request.url).pathname.endsWith("/responses")) {
        return new Response("", { status: 404 })
      }
      const body = (await request.json()) as Body
      asked.push(body)
      return answered(moveFor(body), body)
    },
  })
  return { url: `http://127.0.0.1:${server.port}/v1`, asked, stop: () => void server.stop(true) }
}

/** The newest prompt says what the model does; after a tool's result it says that it is done. */
function moveFor({ input }: Body): Move {
  const last = input.at(-1)
  if (last?.type?.endsWith("_output")) return { kind: "say", text: "All done here." }
  const text = typeof last?.content === "string" ? last.content : (last?.content?.at(-1)?.text ?? "")
  const [, word = "", rest = ""] = /^(\w+): (.*)$/s.exec(text) ?? []
  switch (word) {
    case "run":
      return { kind: "run", command: rest, isEscalated: false }
    case "ask":
      return { kind: "run", command: rest, isEscalated: true }
    case "patch":
      return { kind: "patch", path: rest, text: "made" }
    case "use": {
      const [tool = "", input = "{}"] = rest.split(" ", 2)
      return { kind: "use", tool, input: JSON.parse(input) }
    }
    case "refuse":
      return { kind: "refuse", status: Number(rest) }
    case "hang":
      return { kind: "hang", text: rest }
    default:
      return { kind: "say", text: word === "say" ? rest : "A summary of what was said." }
  }
}

let calls = 0

function answered(move: Move, body: Body): Response {
  switch (move.kind) {
    case "refuse":
      return Response.json({ error: { message: "The provider on loopback refuses." } }, { status: move.status })
    case "say":
      return streamed(message(move.text, true))
    case "hang":
      return streamed(message(move.text, false), false)
    case "run":
      return streamed(called(isCodex(body) ? codexRun(move) : { name: "bash", input: { command: move.command } }))
    case "use": {
      const name = isCodex(body) ? move.tool : `mcp__codex-client__${move.tool}`
      return streamed(called({ name, input: move.input }))
    }
    case "patch":
      return streamed(isCodex(body) ? codexPatch(move) : called({ name: "write", input: writing(move) }))
  }
}

/** Codex's own program has a tool of this name. */
function isCodex({ tools = [] }: Body): boolean {
  return tools.some(({ name }) => name === "exec_command")
}

function codexRun({ command, isEscalated }: Extract<Move, { kind: "run" }>) {
  const escalation = isEscalated ? { sandbox_permissions: "require_escalated", justification: "It is needed." } : {}
  return { name: "exec_command", input: { cmd: command, ...escalation } }
}

function writing({ path, text }: Extract<Move, { kind: "patch" }>) {
  return { path, content: `${text}\n` }
}

function codexPatch({ path, text }: Extract<Move, { kind: "patch" }>) {
  const id = ++calls
  const input = `*** Begin Patch\n*** Add File: ${path}\n+${text}\n*** End Patch\n`
  const item = { type: "custom_tool_call", id: `ctc_${id}`, call_id: `call_${id}`, name: "apply_patch", input }
  return [
    { type: "response.output_item.added", output_index: 0, item: { ...item, input: "" } },
    { type: "response.output_item.done", output_index: 0, item },
    completed(),
  ]
}

function called({ name, input }: { readonly name: string; readonly input: unknown }) {
  const id = ++calls
  const item = { type: "function_call", id: `fc_${id}`, call_id: `call_${id}`, name, arguments: JSON.stringify(input) }
  return [
    { type: "response.output_item.added", output_index: 0, item: { ...item, arguments: "" } },
    { type: "response.output_item.done", output_index: 0, item },
    completed(),
  ]
}

function message(text: string, isWhole: boolean) {
  const id = `msg_${++calls}`
  const item = { type: "message", id, role: "assistant", content: [{ type: "output_text", text }] }
  return [
    { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, item_id: id, delta: text },
    ...(isWhole ? [{ type: "response.output_item.done", output_index: 0, item }, completed()] : []),
  ]
}

function completed() {
  return { type: "response.completed", response: { id: `resp_${++calls}`, usage: USAGE } }
}

function streamed(events: readonly { readonly type: string }[], isWhole = true): Response {
  const created = { type: "response.created", response: { id: `resp_${++calls}` } }
  const text = [created, ...events].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("")
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      if (isWhole) controller.close()
    },
  })
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}
