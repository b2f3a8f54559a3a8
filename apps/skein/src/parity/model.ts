import { asList, asObject, asText, type Json } from "@skein/protocol/json"

/** A model that follows a script, served on loopback in the words of the Responses API. No network, no key of anybody's. */
export interface ScriptedServer {
  /** The base URL. */
  readonly url: string
  stop(): void
}

/**
 * It says again what it was told; `run: <line>` has it call the shell, `write: <path>` a file, `list:` the list of what is to do,
 * `think:` reason first, `refuse:` is refused. After a tool it says that it is done.
 */
export function scriptedServer(): ScriptedServer {
  let count = 0
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 60,
    async fetch(request) {
      if (request.method !== "POST") return new Response("", { status: 404 })
      const body = asObject(await request.json()) ?? {}
      const items = deed(body)
      if (items === undefined) return Response.json({ error: { message: "The script refuses." } }, { status: 400 })
      count += 1
      const named = items.map((item, at) => ({ id: `item_${count}_${at}`, ...item }))
      const response = { id: `resp_${count}` }
      return new Response(
        [
          { type: "response.created", response },
          ...named.flatMap((item, output_index) => [
            { type: "response.output_item.added", output_index, item: { ...item, content: [], arguments: "" } },
            ...deltasOf(item, output_index),
            { type: "response.output_item.done", output_index, item },
          ]),
          { type: "response.completed", response: { ...response, usage: USAGE } },
        ]
          .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
          .join(""),
        { headers: { "content-type": "text/event-stream" } },
      )
    },
  })
  return { url: `http://127.0.0.1:${server.port}/v1`, stop: () => void server.stop(true) }
}

const USAGE = {
  ...{ input_tokens: 100, output_tokens: 30, total_tokens: 130 },
  input_tokens_details: { cached_tokens: 40 },
  output_tokens_details: { reasoning_tokens: 7 },
}

/** What it does next; undefined: it refuses. */
function deed(body: Json): readonly Json[] | undefined {
  const input = asList(body.input).map((item) => asObject(item) ?? {})
  if (asText(input.at(-1)?.type)?.endsWith("_output") === true) return [message("Done.")]
  const said = input.findLast(({ role }) => role === "user")
  const text = asText(asObject(asList(said?.content).at(-1))?.text) ?? ""
  const [, verb = "", rest = ""] = /^(\w+): ?(.*)/s.exec(text) ?? []
  if (verb === "refuse") return undefined
  if (verb === "run") return [message("I will."), call("bash", { command: rest })]
  if (verb === "write") return [call("write", { path: rest, content: "one\n" })]
  if (verb === "list") return [call("todo_write", { todos: [{ text: "one", status: "in_progress" }] })]
  if (verb === "think") {
    const summary = [{ type: "summary_text", text: "Weighing it" }]
    return [{ type: "reasoning", summary, encrypted_content: "sealed" }, message(rest)]
  }
  return [message(`You said: ${text}`)]
}

function message(text: string): Json {
  return { type: "message", role: "assistant", content: [{ type: "output_text", text }] }
}

function call(name: string, input: object): Json {
  return { type: "function_call", call_id: `call_${name}`, name, arguments: JSON.stringify(input) }
}

function deltasOf(item: Json, output_index: number): readonly Json[] {
  const delta = asText(asObject(asList(item.content)[0])?.text)
  if (delta === undefined) return []
  return [{ type: "response.output_text.delta", output_index, content_index: 0, item_id: item.id, delta }]
}
