/** Uses an MCP server as skein does, confined, says that it did, and stays until it is killed. */
import { keptServer } from "@skein/mcp"
import { exec } from "@skein/sandbox"
import { memoryArtifacts } from "@skein/testkit"

export interface ServerTask {
  readonly base: string
  readonly args: readonly string[]
  readonly sandbox: "workspace-write" | "full-access"
  /** Stands in the environment of whatever comes of the server. */
  readonly mark: string
  /** The tools to call, in order, each with its input. */
  readonly calls: readonly (readonly [string, object])[]
}

const { base, args, sandbox, mark, calls } = JSON.parse(process.argv[2] ?? "") as ServerTask
const workspace = `${base}/workspace`
const env = { ...process.env, HOME: `${base}/home` }
const processes = exec({ artifacts: memoryArtifacts(), env })
const [command = "", ...rest] = args
const server = keptServer(
  { name: "fake", transport: { kind: "stdio", command, args: rest, env: { MARK: mark } } },
  {
    ...{ processes, env, sandbox, cwd: workspace, roots: [workspace], cacheDir: `${base}/cache`, hosts: [] },
    fetch: () => Promise.reject(new Error("A process is not asked over HTTP.")),
    log: () => undefined,
    warn: () => undefined,
    now: Date.now,
    sleep: (ms) => Bun.sleep(ms),
    version: "0.0.0",
  },
)
const user = { signal: new AbortController().signal, roots: [workspace] }
const live = await server.use(user)
for (const [name, input] of calls) {
  const { content } = await live.call(name, input, user, { timeoutMs: 20_000, onProgress: () => undefined })
  console.log(content.map((one) => (one.type === "text" ? one.text : one.type)).join("\n"))
}
console.log("used")
setInterval(() => undefined, 60_000)
