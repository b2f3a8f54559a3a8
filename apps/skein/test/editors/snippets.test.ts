import { afterEach, beforeEach, expect, test } from "bun:test"
import { resolve } from "node:path"
import { BINARY, describeBinary } from "../ground/binary.ts"
import { mcpClient } from "../ground/mcp-client.ts"
import { Scene } from "../ground/scene.ts"

const HANG_MS = 60_000
const PAGE = resolve(import.meta.dir, "../../../../docs/editors.md")

interface Started {
  readonly command: string
  readonly args: readonly string[]
}

/** Every configuration of the page that names a program, by the key that its program reads it under. */
async function snippets(): Promise<readonly (Started & { readonly key: string })[]> {
  const text = await Bun.file(PAGE).text()
  return [...text.matchAll(/^```(json|toml)\n(.*?)^```/gms)].flatMap(([, kind, body = ""]) => {
    const parsed = (kind === "json" ? JSON.parse(body) : Bun.TOML.parse(body)) as Record<string, { skein: Started }>
    return Object.entries(parsed).map(([key, { skein }]) => ({ key, ...skein }))
  })
}

let at: Scene
beforeEach(() => {
  at = new Scene()
})
afterEach(() => at.remove())

/** What a person puts in for themselves. */
const filled = (args: readonly string[]) =>
  args.map((arg) => (arg === "/path/to/project" || arg === ["$", "{workspaceFolder}"].join("") ? at.cwd : arg))

describeBinary("the configurations of docs/editors.md", () => {
  test(
    "for MCP start a server that offers its tools, in each program's own form",
    async () => {
      const servers = (await snippets()).filter(({ args }) => args[0] === "mcp")
      expect(servers.map(({ key }) => key)).toEqual(["servers", "mcpServers", "mcp_servers"])
      for (const { command, args } of servers) {
        expect(command).toBe("skein")
        const client = await mcpClient(at, filled(args))
        const { tools = [] } = ((await client.request("tools/list")).result ?? {}) as { tools?: unknown[] }
        expect(tools.length).toBeGreaterThan(30)
        expect((await client.end()).code).toBe(0)
      }
    },
    HANG_MS,
  )

  test(
    "for ACP start an agent that answers",
    async () => {
      const agents = (await snippets()).filter(({ args }) => args[0] === "acp")
      expect(agents.map(({ key }) => key)).toEqual(["agent_servers", "agent_servers"])
      const hello = { jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: 1 } }
      for (const { command, args } of agents) {
        expect(command).toMatch(/(^|\/)skein$/)
        const child = Bun.spawn([BINARY, ...args], {
          cwd: at.cwd,
          env: at.env,
          stdin: Buffer.from(`${JSON.stringify(hello)}\n`),
          stderr: "ignore",
        })
        const [line = ""] = (await child.stdout.text()).split("\n")
        expect(JSON.parse(line)).toMatchObject({ id: 1, result: { protocolVersion: 1, agentInfo: { name: "skein" } } })
        expect(await child.exited).toBe(0)
      }
    },
    HANG_MS,
  )
})
