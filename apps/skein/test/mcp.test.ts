import { expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { estimatedTokens } from "@skein/host"
import { describeBinary } from "./ground/binary.ts"
import { withMcpCrowd } from "./ground/mcp-crowd.ts"
import { withMcpServer } from "./ground/mcp-server.ts"
import { processesLeft } from "./ground/processes.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 120_000
const SECRET = "tok-4711-not-for-showing"
const call = (name: string, args: object) => ({ calls: [{ name, args }] })
const toolsTold = ({ server }: Talking) =>
  (JSON.parse(server.requests.at(-1)?.text ?? "{}").tools ?? []) as { name: string; description: string }[]
const mcpTold = (talk: Talking) => toolsTold(talk).filter(({ name }) => name.startsWith("mcp"))
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""

describeBinary("MCP servers", () => {
  test(
    "CLI-73: a server is added, listed, checked, called and removed, and no output shows a secret of it",
    async () => {
      using talk = talking({ text: "Hello." })
      const { scene } = talk
      const server = withMcpServer(scene)
      const add = [
        "mcp",
        "add",
        "notes",
        "--env",
        `TOKEN=${SECRET}`,
        "--",
        server,
        `--token=${SECRET}`,
        "--api-key",
        SECRET,
      ]
      expect(await scene.run(add)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^added {3}notes to .*config\.toml\n$/),
      })
      expect((await scene.run(add)).err).toContain(
        "has a server notes already. Take it out first: skein mcp remove notes",
      )

      const listed = await scene.run(["mcp", "list"])
      expect(listed.out).toBe(`notes  idle         user              ${server} --token=**** --api-key ****\n`)
      expect(existsSync(scene.path("started"))).toBe(false)
      const doctor = await scene.run(["mcp", "doctor"])
      expect([doctor.code, doctor.out]).toEqual([0, "ok      notes: notes 1.2, protocol 2025-11-25, 2 tools\n"])
      const tools = await scene.run(["mcp", "tools", "notes"])
      expect(tools.out).toBe("notes add_note    Adds a note.\nnotes list_notes  (says it only reads) Lists notes.\n")

      const refused = await scene.run(["mcp", "call", "notes", "add_note", '{"text":"buy milk"}'])
      expect([refused.code, refused.err]).toEqual([77, expect.stringContaining("you have not approved yet")])
      const called = await scene.run(["mcp", "call", "notes", "add_note", "text=buy milk", "--yes"])
      expect([called.code, called.out]).toEqual([0, expect.stringMatching(/noted: buy milk; token .*; key \n/)])

      const shown = [
        listed,
        doctor,
        tools,
        await scene.run(["mcp", "get", "notes", "--json"]),
        await scene.run(["mcp", "debug", "notes"]),
      ]
      for (const { out, err } of [...shown, await scene.run(["config", "show"])])
        expect(out + err).not.toContain(SECRET)
      expect((await scene.run(["mcp", "list", "-c", "mcp_servers.notes.enabled=false"])).out).toContain("disabled")
      expect(await scene.run(["mcp", "remove", "notes"])).toMatchObject({ code: 0 })
      expect((await scene.run(["mcp", "list", "--json"])).out).toBe("[]\n")
      expect(await processesLeft(scene.root, 2_000)).toEqual([])
    },
    HANG_MS,
  )

  test(
    "D23: a server of a folder that nobody trusts is never started, by a turn or by a verb; trusted, it is, until its entry changes",
    async () => {
      using talk = talking(call("mcp", { search: "note" }), { text: "Done." })
      const { scene } = talk
      const server = withMcpServer(scene)
      const entry = (args: readonly string[]) =>
        writeFileSync(scene.path(".mcp.json"), JSON.stringify({ mcpServers: { notes: { command: server, args } } }))
      entry([])
      const ran = await scene.run(["-p", "go"])
      expect(ran.out).toBe("Done.\n")
      expect(ran.err).toMatch(/^note {4}2 items of this folder .*\(mcp 2\), and it is not trusted: nothing of it runs/m)
      expect(mcpTold(talk)).toEqual([])
      const doctor = await scene.run(["mcp", "doctor"])
      expect([doctor.code, doctor.out]).toEqual([
        1,
        expect.stringContaining("nobody trusts that as it is now. A person can: skein trust accept."),
      ])
      expect((await scene.run(["mcp", "call", "notes", "add_note", "--yes"])).code).not.toBe(0)
      expect((await scene.run(["mcp", "tools"])).code).toBe(1)
      expect(existsSync(scene.path("started"))).toBe(false)

      await scene.run(["trust", "accept", "--yes"])
      expect((await scene.run(["mcp", "doctor"])).out).toStartWith("ok      notes")
      entry(["--more"])
      expect((await scene.run(["mcp", "list"])).out).toContain("untrusted")
      expect((await scene.run(["mcp", "doctor", "--trust"])).out).toStartWith("ok      notes")
    },
    HANG_MS,
  )

  test(
    "a model searches servers and calls a tool; from the next turn on a few tools are told in full, and what they say taints",
    async () => {
      using talk = talking(
        call("mcp", { search: "write a note" }),
        call("mcp", { tool: "mcp__notes__add_note", input: { text: "buy milk" } }),
        { text: "Noted." },
      )
      const { scene } = talk
      const config = JSON.stringify({ mcpServers: { notes: { command: withMcpServer(scene) } } })
      const ran = await scene.run([
        "-p",
        "note it",
        "--mode",
        "full",
        "--mcp-config",
        config,
        "--output-format",
        "events",
      ])
      expect(ran.code).toBe(0)
      expect(mcpTold(talk).map(({ name, description }) => `${name} ${description.split("\n")[1]}`)).toEqual([
        "mcp notes: not looked at yet",
      ])
      expect(lastAsked(talk)).toContain("noted: buy milk; token ; key ")
      expect(ran.out).toContain("what the MCP server notes said")
      await scene.run(["-p", "again", "--mcp-config", config])
      expect(mcpTold(talk).map(({ name }) => name)).toEqual(["mcp__notes__add_note", "mcp__notes__list_notes"])
      await scene.run(["-p", "again", "--mcp-config", "{}", "--strict-mcp-config"])
      expect(mcpTold(talk)).toEqual([])
      expect(await processesLeft(scene.root, 2_000)).toEqual([])
    },
    HANG_MS,
  )

  test(
    "what a person makes while a server runs stays theirs; what a call of it makes that would run later is moved aside and told",
    async () => {
      using talk = talking(
        call("mcp", { search: "note" }),
        call("mcp", { tool: "mcp__notes__add_note", input: { text: "buy milk" } }),
        async (asked) => {
          mkdirSync(talk.scene.path(".claude"))
          await asked.say({ text: "Noted." })
        },
      )
      const { scene } = talk
      const server = withMcpServer(scene)
      const plants = readFileSync(server, "utf8").replace("given=", "mkdir -p .vscode; given=")
      writeFileSync(server, plants)
      const config = JSON.stringify({ mcpServers: { notes: { command: server } } })
      const ran = await scene.run(["-p", "note it", "--mode", "full", "--mcp-config", config])
      expect(ran.code).toBe(0)
      expect(lastAsked(talk)).toContain("noted: buy milk")
      const moved = `${scene.path(".vscode")} can make other programs run commands`
      expect(lastAsked(talk)).toContain(moved)
      expect(ran.err).toContain(`While a tool of notes ran: ${moved}`)
      expect(readdirSync(scene.cwd).toSorted()).toEqual([".claude", ".vscode.blocked", "notes.sh", "started"])
    },
    HANG_MS,
  )

  test(
    "D21: twenty servers with thirty tools cost a request under 2,000 tokens; the tool that is needed is found and called with one more request, and no other server is started",
    async () => {
      using talk = talking(
        call("mcp", { search: "write an invoice" }),
        call("mcp", { tool: "mcp__server-7__create_invoice", input: { id: "1" } }),
        { text: "Written." },
      )
      const { scene, server } = talk
      const crowd = withMcpCrowd(scene, 20)
      const asked = ["--mcp-config", crowd.config]
      // What they offer is found out once, and known from then on.
      expect((await scene.run(["mcp", "doctor", ...asked])).out.match(/^ok /gm)).toHaveLength(20)
      expect(crowd.started()).toHaveLength(20)

      const ran = await scene.run(["-p", "invoice it", "--mode", "full", ...asked])
      expect([ran.code, ran.out]).toEqual([0, "Written.\n"])
      const [first] = server.requests
      const told = (JSON.parse(first?.text ?? "{}").tools as { name: string }[]).filter(({ name }) => /^mcp/.test(name))
      expect(told.map(({ name }) => name)).toEqual(["mcp"])
      expect(estimatedTokens.estimate(JSON.stringify(told))).toBeLessThan(2_000)
      expect(server.requests).toHaveLength(3)
      expect(lastAsked(talk)).toContain("written by server-7")
      expect(crowd.started()).toEqual(["server-7"])
      expect(await processesLeft(scene.root, 2_000)).toEqual([])
    },
    HANG_MS,
  )
})
