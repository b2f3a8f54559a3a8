import { BINARY } from "./binary.ts"
import type { Scene } from "./scene.ts"

type Message = Record<string, unknown> & { readonly result?: Record<string, unknown> }

export interface McpClient {
  request(method: string, params?: object): Promise<Message>
  call(name: string, input?: object): Promise<{ readonly text: string; readonly isError: boolean } & Message>
  /** Every line that came, as it was. */
  readonly lines: string[]
  /** Closes its end, or ends the server by a signal; the exit code, and what was said on stderr. */
  end(signal?: "SIGTERM"): Promise<{ readonly code: number; readonly err: string }>
}

/** Whoever drives a server over lines, by hand; `elicit` answers its questions. */
export async function mcpClient(
  scene: Scene,
  command: readonly string[],
  { env = {}, elicit }: { env?: Readonly<Record<string, string>>; elicit?: (params: unknown) => object } = {},
): Promise<McpClient> {
  const argv = command[0] === "mcp" || command[0] === "mcp-server" ? [BINARY, ...command] : [...command]
  const child = Bun.spawn(argv, {
    ...{ cwd: scene.cwd, env: { ...scene.env, ...env } },
    ...{ stdin: "pipe", stdout: "pipe", stderr: "pipe" },
  })
  const open = new Map<unknown, (message: Message) => void>()
  const lines: string[] = []
  const send = (message: object) => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
    child.stdin.flush()
  }
  const reading = (async () => {
    const decoder = new TextDecoder()
    let rest = ""
    for await (const chunk of child.stdout) {
      rest += decoder.decode(chunk, { stream: true })
      const whole = rest.split("\n")
      rest = whole.pop() ?? ""
      for (const line of whole) {
        lines.push(line)
        const message: Message = JSON.parse(line)
        if (message.method === "elicitation/create") send({ id: message.id, result: elicit?.(message.params) ?? {} })
        else open.get(message.id)?.(message)
      }
    }
  })()
  let id = 0
  const request = (method: string, params: object = {}) => {
    id += 1
    const answer = Promise.withResolvers<Message>()
    open.set(id, answer.resolve)
    send({ id, method, params })
    return answer.promise
  }
  const capabilities = elicit === undefined ? {} : { elicitation: {} }
  const clientInfo = { name: "hand", version: "0" }
  await request("initialize", { protocolVersion: "2025-06-18", capabilities, clientInfo })
  send({ method: "notifications/initialized" })
  return {
    ...{ request, lines },
    async call(name, input = {}) {
      const message = await request("tools/call", { name, arguments: input })
      const { content = [], isError } = (message.result ?? {}) as { content?: { text?: string }[]; isError?: boolean }
      return { ...message, text: content.map(({ text = "" }) => text).join("\n"), isError: isError === true }
    },
    async end(signal) {
      if (signal === undefined) child.stdin.end()
      else child.kill(signal)
      const [code, err] = await Promise.all([child.exited, child.stderr.text(), reading])
      return { code, err }
    },
  }
}
