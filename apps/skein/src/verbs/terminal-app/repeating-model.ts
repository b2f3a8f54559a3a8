/** A model server on loopback, on the OpenAI Chat wire, that says again what was said to it, word by word. */
export function repeatingModel(): { readonly url: string; stop(): void } {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body: unknown = await request.json()
      const words = `You said: ${lastSaid(body)}`.split(/(?<= )/)
      const frames = [
        ...words.map((content) => frame({ index: 0, delta: { content }, finish_reason: null })),
        frame({ index: 0, delta: {}, finish_reason: "stop" }),
        "data: [DONE]\n\n",
      ]
      return new Response(frames.join(""), { headers: { "content-type": "text/event-stream" } })
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) }
}

function frame(choice: unknown): string {
  return `data: ${JSON.stringify({ id: "repeated", object: "chat.completion.chunk", choices: [choice] })}\n\n`
}

/** The newest message of the person, as far as it is text. */
function lastSaid(body: unknown): string {
  if (typeof body !== "object" || body === null || !("messages" in body) || !Array.isArray(body.messages)) return ""
  const said: unknown[] = body.messages.filter((message: { role?: unknown }) => message.role === "user")
  const last = said.at(-1)
  if (typeof last !== "object" || last === null || !("content" in last)) return ""
  if (typeof last.content === "string") return last.content
  const parts: unknown[] = Array.isArray(last.content) ? last.content : []
  return parts
    .flatMap((part) => (typeof part === "object" && part !== null && "text" in part ? [String(part.text)] : []))
    .join(" ")
}
