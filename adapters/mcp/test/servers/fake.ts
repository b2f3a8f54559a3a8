/**
 * A server without a library, that does what a test wants: tools whose names say what happens. `--start=crash|hang|say`
 * is what happens before it answers anything.
 */
const flags = new Map(
  process.argv.slice(2).map((argument) => {
    const [name = "", value = ""] = argument.replace(/^--/, "").split("=")
    return [name, value] as const
  }),
)

type Message = { id?: number | string; method?: string; params?: Record<string, unknown>; result?: unknown }

const waiting = new Map<number | string, (message: Message) => void>()
let nextId = 1

export function write(text: string): void {
  process.stdout.write(text)
}
const send = (message: object) => write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
const text = (said: string) => ({ content: [{ type: "text", text: said }] })

function ask(method: string, params: object): Promise<Message> {
  const id = `ask-${nextId++}`
  send({ id, method, params })
  return new Promise((resolve) => waiting.set(id, resolve))
}

const tool = (name: string, more: object = {}) => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: "object" },
  ...more,
})
const NAMES =
  "echo pid env hang die half garbage big crash progress slow fork ask_roots sample elicit change log write".split(" ")
const tools = () => [
  ...NAMES.map((name) => tool(name)),
  ...(flags.has("extra") ? [tool(flags.get("extra") ?? "")] : []),
]

const CALLS: Record<string, (args: Record<string, unknown>, message: Message) => Promise<object> | object | undefined> =
  {
    echo: (args) => text(JSON.stringify(args)),
    pid: () => text(String(process.pid)),
    env: () => text(Object.keys(process.env).sort().join(" ")),
    hang: () => undefined,
    die: () => process.exit(Number(flags.get("code") ?? 3)),
    crash() {
      process.stderr.write("Traceback\nValueError: \u001b[31mno\u001b[0m such thing\n")
      process.exit(1)
    },
    half() {
      write('{"jsonrpc":"2.0","id":1,"resu')
      process.exit(0)
    },
    garbage() {
      write("loading model…\n{not json}\n[1,2]\nnull\n")
      return text("said it all")
    },
    big: ({ bytes }) => text("x".repeat(Number(bytes))),
    async progress({ times, everyMs }, { params }) {
      const meta = params?._meta as { progressToken?: unknown } | undefined
      for (let progress = 1; progress <= Number(times); progress++) {
        await Bun.sleep(Number(everyMs))
        send({
          method: "notifications/progress",
          params: { progressToken: meta?.progressToken, progress, total: Number(times), message: `step ${progress}` },
        })
      }
      await Bun.sleep(50)
      return text("done")
    },
    async slow({ ms }) {
      await Bun.sleep(Number(ms))
      return text("slept")
    },
    fork() {
      const child = Bun.spawn(["/bin/sh", "-c", "sleep 1000 & echo $!; wait"], { stdio: ["ignore", "pipe", "ignore"] })
      return text(String(child.pid))
    },
    ask_roots: async () => text(JSON.stringify((await ask("roots/list", {})).result)),
    async sample() {
      const messages = [{ role: "user", content: { type: "text", text: "What is it?" } }]
      return text(
        JSON.stringify(await ask("sampling/createMessage", { messages, maxTokens: 50, systemPrompt: "Be brief." })),
      )
    },
    async elicit() {
      const requestedSchema = { type: "object", properties: { name: { type: "string" } } }
      return text(
        JSON.stringify(await ask("elicitation/create", { message: "Who\u001b[2J are you?", requestedSchema })),
      )
    },
    async write({ path }) {
      const failed = await Bun.write(String(path), "x").then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error.code,
      )
      return text(failed ?? "written")
    },
    change({ name }) {
      flags.set("extra", String(name))
      send({ method: "notifications/tools/list_changed" })
      return text("changed")
    },
    log() {
      send({ method: "notifications/message", params: { level: "warning", data: "disk \u001b]0;x\u0007 is full" } })
      return text("logged")
    },
  }

async function answer(message: Message): Promise<void> {
  const { id, method, params = {} } = message
  if (method === undefined) return void waiting.get(id ?? "")?.(message)
  if (method === "notifications/cancelled") process.stderr.write(`cancelled ${String(params.reason)}\n`)
  if (id === undefined) return
  if (method === "server/discover" && flags.has("probe")) process.exit(9)
  if (method === "initialize") {
    const capabilities = { tools: { listChanged: true } }
    const serverInfo = { name: "fake", title: "Fake \u001b[1mserver", version: "1.2.3" }
    return send({
      id,
      result: { protocolVersion: params.protocolVersion, capabilities, serverInfo, instructions: "Be kind." },
    })
  }
  if (method === "tools/list") return send({ id, result: { tools: tools() } })
  if (method !== "tools/call") return send({ id, error: { code: -32601, message: `There is no ${method}` } })
  const result = await CALLS[String(params.name)]?.((params.arguments ?? {}) as Record<string, unknown>, message)
  if (result !== undefined) send({ id, result })
}

if (flags.get("start") === "crash") {
  process.stderr.write("Error: Cannot find module 'left-pad'\n")
  process.exit(1)
}
if (flags.get("ignore") === "eof") {
  process.on("SIGTERM", () => undefined)
  setInterval(() => undefined, 1000)
}
let held = ""
for await (const bytes of Bun.stdin.stream()) {
  held += new TextDecoder().decode(bytes)
  const lines = held.split("\n")
  held = lines.pop() ?? ""
  for (const line of lines) if (flags.get("start") !== "hang") void answer(JSON.parse(line))
}
