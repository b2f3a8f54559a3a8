/** What a provider on loopback answers to a prompt. `hangs`: the reply starts and never ends. `status`: it is refused. */
export interface Reply {
  readonly text?: string
  readonly call?: { readonly name: string; readonly input: unknown }
  readonly hangs?: true
  readonly status?: number
}

/** An event of a provider's stream, as its JSON stands on the wire. */
export type WireEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/** What every provider says to the result of a tool. */
export const AFTER_TOOL: Reply = { text: "All done here." }

export interface Provider {
  /** The base URL, as its clients want it. */
  readonly url: string
  stop(): void
}

/** Serves one path of an API; `answer` gets the JSON that was posted. */
export function served(path: string, answer: (body: unknown, headers: Headers) => Response): Provider {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 60,
    async fetch(request) {
      if (!new URL(request.url).pathname.endsWith(path)) return new Response("", { status: 404 })
      return answer(await request.json(), request.headers)
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) }
}

export function refusal(status: number): Response {
  return Response.json({ error: { message: "The provider on loopback refuses." } }, { status })
}

/** The events as one server-sent stream, which ends after the last one or never. */
export function streamed(events: readonly WireEvent[], hangs = false): Response {
  const lines = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(lines.join("")))
      if (!hangs) controller.close()
    },
  })
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}
