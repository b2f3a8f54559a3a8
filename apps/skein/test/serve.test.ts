import { afterEach, beforeEach, expect, test } from "bun:test"
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { connect, dialCommand } from "@skein/rpc"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { type ModelServer, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { newSession, prompt, serving, tokenOf, until } from "./ground/serving.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 60_000
const CLIENT = { client: { name: "test", version: "0" } } as const

let model: ModelServer
let at: Scene
beforeEach(() => {
  model = modelServer(wire, ({ say, conversation }) => say({ text: `Heard ${conversation.said.at(-1)}.` }))
  at = new Scene(wire.env(model.url))
})
afterEach(() => {
  model.stop()
  at.remove()
})

const mode = (path: string) => (lstatSync(path).mode & 0o777).toString(8)

describeBinary("skein serve", () => {
  test(
    "over stdin and stdout: a session begins with the folder's model, is worked in, and stays when the client leaves",
    async () => {
      const said: string[] = []
      const command = [BINARY, "serve", "--listen", "stdio"] as const
      const dial = () => dialCommand(command, { cwd: at.cwd, env: at.env, onErr: (text) => said.push(text) })
      const engine = await connect(dial, { ...CLIENT, reconnectMs: 0 })
      expect(engine.server.name).toBe("skein")
      const sessionId = await newSession(engine, at.cwd)
      const events = engine.events({ sessionId, from: 1 })
      await prompt(engine, sessionId, "this")
      const seen = await until(events, "turn.ended")
      expect(seen.find((event) => event.type === "session.created")?.settings.model).toContain("anthropic/")
      expect(JSON.stringify(seen)).toContain("Heard this.")
      engine.close()
      const listed = await at.run(["session", "list"])
      expect([listed.code, listed.out, said]).toEqual([0, expect.stringContaining(sessionId.slice(0, 12)), []])
    },
    HANG_MS,
  )

  test(
    "over stdin and stdout: its end is the server's, with code 0, and stdout holds messages alone",
    async () => {
      const hello = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocol: 1 } })
      const ran = await at.run(["serve", "--listen", "stdio"], { stdin: `${hello}\nno json\n` })
      const lines = ran.out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
      expect([ran.code, ran.err, lines]).toEqual([
        ...[0, ""],
        [
          { jsonrpc: "2.0", id: 1, result: { protocol: 1, server: { name: "skein", version: expect.any(String) } } },
          { jsonrpc: "2.0", id: null, error: { code: -32700, message: expect.any(String) } },
        ],
      ])
    },
    HANG_MS,
  )

  test(
    "over a Unix socket: several clients share a session, and only its owner can reach it",
    async () => {
      const server = await serving(at, [])
      const path = join(at.data, "serve", "serve.sock")
      expect(server.addresses).toEqual([`unix:${path}`])
      expect([mode(path), mode(join(at.data, "serve"))]).toEqual(["600", "700"])
      const [one, two] = [await server.connect(), await server.connect()]
      const sessionId = await newSession(one, at.cwd)
      const both = [one, two].map((engine) => until(engine.events({ sessionId, from: 1 }), "turn.ended"))
      await prompt(two, sessionId, "both")
      const [first = [], second = []] = await Promise.all(both)
      const durable = (events: readonly { type: string }[]) => events.filter((event) => "seq" in event)
      expect(durable(first)).toEqual(durable(second))
      one.close()
      two.close()
      expect(await server.end("SIGTERM")).toBe(143)
      expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined()
      expect((await at.run(["session", "list"])).out).toContain(sessionId.slice(0, 12))
    },
    HANG_MS,
  )

  test(
    "a socket that a killed server left is replaced; one that is served, a link and a file are not",
    async () => {
      const path = join(at.root, "own", "s")
      const listen = ["--listen", `unix:${path}`]
      const killed = await serving(at, listen)
      const refused = await at.run(["serve", ...listen])
      expect([refused.code, refused.err]).toEqual([78, expect.stringContaining("somebody serves there already")])
      await killed.end("SIGKILL")
      expect(lstatSync(path).isSocket()).toBe(true)
      const next = await serving(at, listen)
      const engine = await next.connect()
      expect(await engine.ask({ type: "sessions.list" })).toEqual([])
      engine.close()
      await next.end("SIGTERM")
      symlinkSync(join(at.root, "elsewhere"), path)
      expect((await at.run(["serve", ...listen])).err).toContain("it is a link")
      const file = join(at.root, "own", "file")
      writeFileSync(file, "kept")
      expect((await at.run(["serve", "--listen", `unix:${file}`])).err).toContain("no socket")
      expect(readFileSync(file, "utf8")).toBe("kept")
      mkdirSync(join(at.root, "open"), { mode: 0o755 })
      expect((await at.run(["serve", "--listen", `unix:${join(at.root, "open", "s")}`])).err).toContain(
        "Take a folder that is yours alone",
      )
    },
    HANG_MS,
  )

  test(
    "of servers that begin at once where a killed one left its socket, exactly one serves, and it is reached",
    async () => {
      await (await serving(at, [])).end("SIGKILL")
      const begun = await Promise.allSettled(Array.from({ length: 6 }, () => serving(at, [])))
      const [server, ...more] = begun.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))
      const refusals = begun.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []))
      expect([more, refusals]).toEqual([
        [],
        Array.from({ length: 5 }, () => expect.stringContaining("serves there already")),
      ])
      const engine = await server?.connect()
      expect(await engine?.ask({ type: "sessions.list" })).toEqual([])
      engine?.close()
      await server?.end("SIGTERM")
    },
    HANG_MS,
  )

  test(
    "over HTTP any program is a client: ops, queries, and events that go on behind the last one that came",
    async () => {
      const server = await serving(at, ["--port", "0"])
      const [address = ""] = server.addresses
      const headers = { Authorization: `Bearer ${tokenOf(at)}` }
      const post = async (path: string, body: object) => {
        const init = {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }
        const response = await fetch(`${address}${path}`, init)
        return { status: response.status, body: (await response.json()) as Record<string, unknown> }
      }
      const created = await post("/v1/ops", { type: "session.create", cwd: at.cwd })
      const sessionId = created.body.sessionId as `ses_${string}`
      expect(created).toMatchObject({ status: 200, body: { status: "accepted" } })
      const input = [{ type: "text", text: "curl" }]
      await post("/v1/ops", { type: "turn.submit", sessionId, input, delivery: "start" })
      const streamed = async (more: Record<string, string>, from = "") => {
        const stop = new AbortController()
        const init = { headers: { ...headers, ...more }, signal: stop.signal }
        const response = await fetch(`${address}/v1/sessions/${sessionId}/events${from}`, init)
        let text = ""
        const decoder = new TextDecoder()
        for await (const chunk of response.body ?? []) {
          text += decoder.decode(chunk, { stream: true })
          if (text.includes('"turn.ended"')) break
        }
        stop.abort()
        return [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
      }
      const all = await streamed({}, "?from=1")
      expect(all).toEqual(all.map((_, index) => index + 1))
      expect(await streamed({ "Last-Event-ID": "3" })).toEqual(all.slice(3))
      const read = await post("/v1/queries", { type: "session.read", sessionId })
      expect(JSON.stringify(read.body.answer)).toContain("Heard curl.")
      expect(await post("/v1/ops", { type: "turn.submit", sessionId })).toMatchObject({
        ...{ status: 400, body: { error: { code: "op.invalid", message: expect.stringContaining("input") } } },
      })
      const nobody = { type: "session.read", sessionId: "ses_nobody" }
      expect(await post("/v1/queries", nobody)).toMatchObject({
        status: 404,
        body: { error: { code: "session.not_found" } },
      })
      await server.end("SIGTERM")
    },
    HANG_MS,
  )

  test(
    "what cannot be listened on is said: addresses, ports, another machine's, stdin with others, words",
    async () => {
      const said = async (...args: string[]) => {
        const { code, err } = await at.run(["serve", ...args])
        return [code, err] as const
      }
      const listen = (address: string) => said("--listen", address)
      expect(await listen("https://127.0.0.1:1")).toEqual([2, expect.stringContaining("put a proxy in front")])
      expect(await listen("unix:s")).toEqual([2, expect.stringContaining("absolute")])
      expect(await listen("http://127.0.0.1:99999")).toEqual([2, expect.stringContaining("65535")])
      expect(await listen("http://0.0.0.0:0")).toEqual([2, expect.stringContaining("--allow-remote")])
      expect(await said("--listen", "http://0.0.0.0:0", "--allow-remote")).toEqual([
        2,
        expect.stringContaining("--server-name"),
      ])
      expect(await said("--listen", "stdio", "--port", "0")).toEqual([2, expect.stringContaining("by itself")])
      expect(await said("now")).toEqual([2, expect.stringContaining("takes no words")])
      expect(await said("--port", "x")).toEqual([2, expect.stringContaining("--port takes a number")])
    },
    HANG_MS,
  )
})
