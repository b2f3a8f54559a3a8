import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type McpServer, methods } from "@agentclientprotocol/sdk"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { connect, outline, started, text } from "./client.ts"

const { session } = methods.agent
const everything = join(
  dirname(Bun.resolveSync("@modelcontextprotocol/server-everything/package.json", import.meta.dir)),
  "dist/index.js",
)

/** The built program. `npm test` builds it first. */
const program = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(program)
if (isMissing) console.warn("Skipped: MCP servers of an editor, because dist/skein is not built.")

const HANG_MS = 120_000

let folder = ""
let model: ReturnType<typeof anthropic> | undefined
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-acp-servers-")))
  model = anthropic(replyTo)
})
afterAll(() => {
  model?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function replyTo(prompt: string): Reply {
  // Servers are started when they are first wanted.
  if (prompt.includes("look around")) return { call: { name: "mcp", input: { search: "echo" } } }
  const server = /ask (\w+)/.exec(prompt)?.[1]
  return server === undefined
    ? { text: "Hello there friend" }
    : { call: { name: `mcp__${server}__echo`, input: { message: `hello ${server}` } } }
}

const FACTS = '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"pipe","version":"1"}}'
const TOOLS = '{"tools":[{"name":"echo","description":"Says it again.","inputSchema":{"type":"object"}}]}'

/** A server that needs nothing but a shell: the sandbox shows it no other folder than the session's. */
const SHELL_SERVER = `while read -r line; do
  id=$(printf %s "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
  case $line in
  *'"method":"initialize"'*) said='${FACTS}' ;;
  *'"method":"tools/list"'*) said='${TOOLS}' ;;
  *'"method":"tools/call"'*) said="{\\"content\\":[{\\"type\\":\\"text\\",\\"text\\":\\"Echo: $FOR_IT\\"}]}" ;;
  *) continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$said"
done
`

/** The reference server, on a port that was free. */
async function listening(transport: "streamableHttp" | "sse") {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } })
  const { port } = probe
  probe.stop(true)
  const child = Bun.spawn(["node", everything, transport], {
    env: { PATH: process.env.PATH, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  })
  const isUp = Promise.withResolvers<void>()
  const reading = (async () => {
    for await (const chunk of child.stderr)
      if (/listening|running/.test(new TextDecoder().decode(chunk))) isUp.resolve()
  })()
  await isUp.promise
  return {
    url: `http://127.0.0.1:${port}${transport === "sse" ? "/sse" : "/mcp"}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await Promise.all([child.exited, reading])
    },
  }
}

test.skipIf(isMissing)(
  "the servers that an editor brings are asked, over stdio, HTTP and SSE, each call with its question",
  async () => {
    await using http = await listening("streamableHttp")
    await using sse = await listening("sse")
    writeFileSync(join(folder, "server.sh"), SHELL_SERVER)
    const mcpServers: McpServer[] = [
      { name: "pipe", command: "sh", args: ["server.sh"], env: [{ name: "FOR_IT", value: "hello pipe" }] },
      { type: "http", name: "web", url: http.url, headers: [{ name: "X-For-It", value: "1" }] },
      { type: "sse", name: "stream", url: sse.url, headers: [] },
    ]
    const env = { PATH: process.env.PATH ?? "", HOME: folder, SKEIN_HOME: join(folder, ".home") }
    const asking = { ...env, ANTHROPIC_BASE_URL: model?.url ?? "", ANTHROPIC_API_KEY: "none" }
    const host = await connect(started(program, asking, folder))
    const { sessionId } = await host.agent.request(session.new, { cwd: folder, mcpServers })
    for (const words of ["look around", ...mcpServers.map(({ name }) => `ask ${name}`)]) {
      const { stopReason } = await host.agent.request(session.prompt, { sessionId, prompt: text(words) })
      expect(stopReason).toBe("end_turn")
    }

    expect(outline(host.updates(sessionId)).filter((line) => line === "tool_call_update completed")).toHaveLength(4)
    const shown = JSON.stringify(host.updates(sessionId))
    for (const { name } of mcpServers) expect(shown).toContain(`Echo: hello ${name}`)
    expect(host.asked).toHaveLength(3)
    expect(await host.close()).toBe(0)
  },
  HANG_MS,
)
