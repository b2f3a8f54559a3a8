import { ownCommand } from "@skein/host"
import { asList, asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import { interruptible } from "../../session/signals.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { VERSION } from "../../version.ts"

/**
 * `skein debug app-server send-message-v2 <message>`: drives our own app-server as a client does, for one turn in this folder, and
 * prints every message: `> ` what the client said, `< ` what the server said. Approvals are refused, as nobody is asked. Exit 1
 * when the turn did not complete.
 */
export const sendMessage: Run = async ({ words, rest, flags, io }) => {
  const message = [...words, ...rest].join(" ")
  if (message.trim() === "") throw new UsageError("Which message? skein debug app-server send-message-v2 <message>.")
  const passed = flags.list("config").flatMap((override) => ["-c", override])
  const child = Bun.spawn([...ownCommand(), "app-server", ...passed], {
    ...{ cwd: io.cwd, env: { ...io.env }, stdin: "pipe", stdout: "pipe", stderr: "inherit" },
  })
  const { signal, done } = interruptible(io)
  signal.addEventListener("abort", () => child.kill(), { once: true })
  const say = (line: Json) => {
    for (const row of shown(">", line)) io.out(row)
    child.stdin.write(`${JSON.stringify(line)}\n`)
    void child.stdin.flush()
  }
  const talk = new Talk(message, io.cwd, say)
  try {
    say({ method: "initialize", id: 1, params: { clientInfo: CLIENT, capabilities: { experimentalApi: true } } })
    for await (const line of linesOf(child.stdout)) {
      const json = parseObject(line)
      if (json === undefined) continue
      for (const row of shown("<", json)) io.out(row)
      if (talk.heard(json) === "over") break
    }
    void child.stdin.end()
    await child.exited
    return talk.isCompleted ? 0 : 1
  } finally {
    done()
    child.kill()
  }
}

const CLIENT = { name: "skein-debug", title: "skein debug", version: VERSION }

/** What the client says next, by what it heard. */
class Talk {
  isCompleted = false
  readonly #message: string
  readonly #cwd: string
  readonly #say: (line: Json) => void

  constructor(message: string, cwd: string, say: (line: Json) => void) {
    this.#message = message
    this.#cwd = cwd
    this.#say = say
  }

  heard({ id, method, result, error, params }: Json): "on" | "over" {
    if (method === undefined && error !== undefined) return "over"
    if (method === "turn/completed") {
      this.isCompleted = asObject(asObject(params)?.turn)?.status === "completed"
      return "over"
    }
    if (id !== undefined && method !== undefined) this.#answer(id, asText(method) ?? "", asObject(params) ?? {})
    else if (id === 1) {
      this.#say({ method: "initialized" })
      this.#say({ method: "thread/start", id: 2, params: { cwd: this.#cwd } })
    } else if (id === 2) {
      const threadId = asText(asObject(asObject(result)?.thread)?.id)
      const input = [{ type: "text", text: this.#message, text_elements: [] }]
      this.#say({ method: "turn/start", id: 3, params: { threadId, input } })
    }
    return "on"
  }

  /** A request of the server's is never left without an answer; nothing is allowed by it. */
  #answer(id: unknown, method: string, params: Json): void {
    if (method.endsWith("/requestApproval")) this.#say({ id, result: { decision: "decline" } })
    else if (method === "item/tool/requestUserInput") {
      const ids = asList(params.questions).flatMap((question) => asText(asObject(question)?.id) ?? [])
      this.#say({ id, result: { answers: Object.fromEntries(ids.map((one) => [one, { answers: [] }])) } })
    } else if (method === "mcpServer/elicitation/request")
      this.#say({ id, result: { action: "decline", content: null } })
    else this.#say({ id, error: { code: -32601, message: `Nobody is here to answer ${method}.` } })
  }
}

/** A message over several lines, each marked with who said it. */
function shown(mark: ">" | "<", line: Json): readonly string[] {
  return JSON.stringify(line, undefined, 2)
    .split("\n")
    .map((row) => `${mark} ${row}`)
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ""
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    yield* lines
  }
}
