import { afterEach, beforeEach, expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { mcpClient } from "./ground/mcp-client.ts"
import { Scene } from "./ground/scene.ts"

const HANG_MS = 60_000
/** In parts, so that this file holds none. */
const SECRET = ["sk", "ant", "api03", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"].join("-")

let at: Scene
beforeEach(() => {
  at = new Scene()
  writeFileSync(at.path("a.txt"), "one\ntwo\n")
})
afterEach(() => at.remove())

type Tool = { name: string; title?: string; annotations?: Record<string, unknown>; inputSchema: { type: string } }

describeBinary("skein mcp serve", () => {
  test(
    "serves over thirty tools, each with a schema and what it does; none that needs a model, a person or agents",
    async () => {
      const client = await mcpClient(at, ["mcp", "serve"])
      const { tools = [] } = ((await client.request("tools/list")).result ?? {}) as { tools?: Tool[] }
      const names = tools.map(({ name }) => name)
      expect(names.length).toBeGreaterThan(30)
      for (const name of ["read", "edit", "grep", "bash", "lsp", "webfetch"]) expect(names).toContain(name)
      for (const name of ["task", "oracle", "question", "look_at", "plan_exit", "batch"])
        expect(names).not.toContain(name)
      for (const { title, inputSchema } of tools) expect([typeof title, inputSchema.type]).toEqual(["string", "object"])
      const hints = (name: string) => tools.find((tool) => tool.name === name)?.annotations
      expect(hints("read")).toMatchObject({ readOnlyHint: true, openWorldHint: false })
      expect(hints("write")).toMatchObject({ readOnlyHint: false, destructiveHint: true })
      expect(hints("bash")).toMatchObject({ destructiveHint: true, openWorldHint: true })
      expect((await client.end()).code).toBe(0)
    },
    HANG_MS,
  )

  test(
    "does what the folder's rules allow, refuses the rest with a way out, and asks a client that can be asked",
    async () => {
      const plain = await mcpClient(at, ["mcp", "serve", "--allow-tools", "Write"])
      expect((await plain.call("read", { path: "a.txt" })).text).toContain("1\tone")
      expect((await plain.call("write", { path: "b.txt", content: "b\n" })).isError).toBe(false)
      const refused = await plain.call("bash", { command: "echo no > c.txt" })
      expect([refused.isError, refused.text]).toEqual([
        true,
        expect.stringContaining("--mode accept-edits, auto or full"),
      ])
      await plain.end()
      const asked: unknown[] = []
      const elicit = (params: unknown) => {
        asked.push(params)
        return { action: "accept", content: { answer: "allow_once" } }
      }
      const asking = await mcpClient(at, ["mcp", "serve"], { elicit })
      expect((await asking.call("bash", { command: "echo yes > d.txt" })).isError).toBe(false)
      await asking.end()
      expect(asked).toEqual([expect.objectContaining({ message: expect.stringContaining("echo yes > d.txt") })])
      expect([existsSync(at.path("b.txt")), existsSync(at.path("c.txt")), at.read("d.txt")]).toEqual([
        true,
        false,
        "yes\n",
      ])
    },
    HANG_MS,
  )

  for (const signal of [undefined, "SIGTERM"] as const) {
    test(
      `a slow command does not hold up a read, and ends with ${signal ?? "the client"}`,
      async () => {
        const client = await mcpClient(at, ["mcp", "serve", "--mode", "full"])
        const slow = client.call("bash", { command: "echo $$ > pid; sleep 300.04171" })
        while (!existsSync(at.path("pid"))) await Bun.sleep(5)
        expect((await client.call("read", { path: "a.txt" })).text).toContain("two")
        const first = await Promise.race([slow, client.end(signal)])
        expect(first).toMatchObject({ code: signal === undefined ? 0 : 143 })
        const alive = await new Response(Bun.spawn(["ps", "-eo", "args"]).stdout).text()
        expect(alive.split("\n").filter((line) => line.trim() === "sleep 300.04171")).toEqual([])
      },
      HANG_MS,
    )
  }

  test(
    "through a shell without a terminal, as ssh starts it, stdout holds messages alone",
    async () => {
      const wrapper = join(at.root, "ssh-like")
      writeFileSync(wrapper, '#!/bin/sh\nexec env -i PATH=/usr/bin:/bin HOME="$HOME" sh -c "cd $PWD && exec $*"\n')
      chmodSync(wrapper, 0o755)
      const client = await mcpClient(at, [wrapper, BINARY, "mcp", "serve"], { env: { TERM: "dumb", COLUMNS: "0" } })
      expect((await client.call("list")).text).toContain("a.txt")
      const { code } = await client.end()
      expect([code, client.lines.length]).toEqual([0, 2])
    },
    HANG_MS,
  )

  test(
    "files outside, behind links or of secrets are no resources, and no secret leaves in a result",
    async () => {
      mkdirSync(join(at.root, "outside"))
      writeFileSync(join(at.root, "outside", "far.txt"), "far")
      symlinkSync(join(at.root, "outside", "far.txt"), at.path("near.txt"))
      writeFileSync(at.path(".env"), `KEY=${SECRET}\n`)
      writeFileSync(at.path("notes.txt"), `the key is ${SECRET}\n`)
      const client = await mcpClient(at, ["mcp", "serve", "--mode", "auto"], { env: { ANTHROPIC_API_KEY: SECRET } })
      const read = async (path: string) => {
        const { result, error } = await client.request("resources/read", { uri: `file://${path}` })
        return JSON.stringify(result ?? error)
      }
      expect(await read(at.path("a.txt"))).toContain("one\\ntwo\\n")
      for (const path of ["near.txt", "../outside/far.txt", ".env", "nowhere"]) {
        expect(await read(at.path(path))).toContain('"code"')
      }
      expect(await read(at.path("notes.txt"))).toContain("[secret: ")
      await client.call("read", { path: "notes.txt" })
      await client.call("bash", { command: "env; cat notes.txt .env" })
      await client.end()
      expect(client.lines.join("\n")).not.toContain(SECRET)
    },
    HANG_MS,
  )

  test(
    "over HTTP it asks for the token of its file, and says what is wrong with a file that others can read",
    async () => {
      const file = join(at.root, "token")
      writeFileSync(file, "a-token-of-a-person\n", { mode: 0o644 })
      const open = await at.run(["mcp", "serve", "--listen", "127.0.0.1:0", "--token-file", file])
      expect([open.code, open.err]).toEqual([2, expect.stringContaining("chmod 600")])
      chmodSync(file, 0o600)
      const child = at.start(["mcp", "serve", "--listen", "127.0.0.1:0", "--token-file", file])
      const { value } = await child.stderr.getReader().read()
      const [, url = ""] = /listening on (\S+)/.exec(new TextDecoder().decode(value)) ?? []
      const post = (token: string) =>
        fetch(url, {
          method: "POST",
          headers: {
            ...{ Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
            Accept: "application/json, text/event-stream",
          },
          body: JSON.stringify({
            ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
            params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "0" } },
          }),
        })
      expect((await post("another-token-here")).status).toBe(401)
      expect(await (await post("a-token-of-a-person")).text()).toContain('"serverInfo"')
      child.kill("SIGTERM")
      expect(await child.exited).toBe(143)
    },
    HANG_MS,
  )

  test(
    "what it cannot do it says: another machine's address, a bus, a folder that is not there",
    async () => {
      const said = async (...args: string[]) => (await at.run(["mcp", "serve", ...args])).err
      expect(await said("--listen", "0.0.0.0:80")).toContain("only addresses of this machine")
      expect(await said("--bus-url", "http://127.0.0.1:1")).toContain("no bus client")
      expect(await said("nowhere")).toContain("there is no such folder")
      expect(await said("--allow-tools", "Bahs(ls)")).toContain("Did you mean")
    },
    HANG_MS,
  )
})
