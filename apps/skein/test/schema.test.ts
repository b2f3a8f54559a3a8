import { expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { Validator } from "@seriousme/openapi-schema-validator"
import { QUERY_TYPES, type Query, type QueryType } from "@skein/protocol"
import { answerSchema } from "@skein/protocol/answers"
import type { Json } from "@skein/protocol/json"
import { Ajv2020 } from "ajv/dist/2020.js"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { append } from "./ground/model.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import { talking } from "./ground/talking.ts"

const PUBLISHED = resolve(import.meta.dir, "../../../docs/protocol")
const published = (name: string) => JSON.parse(readFileSync(join(PUBLISHED, name), "utf8"))
const HANG_MS = 40_000

/** What each of the definitions takes; an error says where. */
function checks() {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
  const schema = published("skein.schema.json")
  ajv.addSchema(schema)
  return (name: string, value: unknown): string => {
    const check = ajv.getSchema(`${schema.$id}#/$defs/${name}`)
    if (check === undefined) throw new Error(`There is no ${name}`)
    return check(value) ? "" : ajv.errorsText(check.errors)
  }
}

test("the description over HTTP is one, as a validator by another hand says", async () => {
  const { valid, errors } = await new Validator().validate(published("openapi.json"))

  expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
})

test("what is no op, query or event is none by the published schema", () => {
  const check = checks()
  const sessionId = "ses_0199a0b0-0000-7000-8000-000000000001"

  expect(check("Op", { type: "goal.change", sessionId, goal: null })).toBe("")
  expect(check("Op", { type: "goal.change", sessionId: "../x", goal: null })).toContain("pattern")
  expect(check("Op", { type: "goal.changed", sessionId })).not.toBe("")
  expect(check("Query", { type: "session.read", sessionId })).toBe("")
  expect(check("Query", { type: "session.read" })).toContain("sessionId")
  expect(check("Receipt", { status: "rejected", code: "no.such", message: "" })).not.toBe("")
})

describeBinary("skein debug schema", () => {
  test("says what is published, and writes it where it is told", async () => {
    const scene = new Scene()
    const dir = mkdtempSync(join(tmpdir(), "skein-schema-"))
    try {
      const [schema, openapi, written] = [
        await scene.run(["debug", "schema"]),
        await scene.run(["debug", "schema", "--openapi"]),
        await scene.run(["debug", "schema", "--out", dir]),
      ]

      expect(JSON.parse(schema.out)).toEqual(published("skein.schema.json"))
      const { info, ...rest } = JSON.parse(openapi.out)
      const { info: _, ...meant } = published("openapi.json")
      expect(rest).toEqual(meant)
      expect(written.code).toBe(0)
      expect(JSON.parse(readFileSync(join(dir, "openapi.json"), "utf8"))).toEqual({ ...rest, info })
      expect((await scene.run(["debug", "schema", "more"])).code).toBe(2)
      expect((await scene.run(["debug", "schema", "--openapi", "--out", dir])).code).toBe(2)
    } finally {
      rmSync(dir, { recursive: true, force: true })
      scene.remove()
    }
  })

  test(
    "describes every event of a turn with a call",
    async () => {
      using talk = talking({ calls: [{ name: "list", args: { path: "." } }] }, { text: "Done." })
      const { out } = await talk.scene.run(["-p", "--output-format", "events", "look"])
      const check = checks()
      const events = eventsOf(out)

      expect(events.length).toBeGreaterThan(8)
      expect(events.flatMap((event) => check("Event", event))).toEqual(events.map(() => ""))
    },
    HANG_MS,
  )

  test(
    "describes every message of a session over a pipe, and the answer to every query",
    async () => {
      using talk = talking({ calls: [append("one"), { name: "list", args: {} }] }, { text: "Done." })
      writeFileSync(talk.scene.path("a.ts"), "export const a = 1\n")
      const { scene } = talk
      const child = Bun.spawn([BINARY, "serve", "--listen", "stdio"], {
        ...{ cwd: scene.cwd, env: scene.env, stdin: "pipe", stdout: "pipe", stderr: "inherit" },
      })
      const check = checks()
      const wrong: string[] = []
      const pending = new Map<number, (message: Json) => void>()
      const ended = Promise.withResolvers<void>()
      let lost = () => {}
      const hear = (line: string) => {
        const message = JSON.parse(line) as Json
        wrong.push(check("ServerMessage", message))
        if (message.method === "event") {
          const { event } = message.params as { event: { type: string } }
          wrong.push(check("EventNotification", message), check("Event", event))
          if (event.type === "turn.ended") ended.resolve()
        } else if (message.method === "ended") {
          wrong.push(check("EndedNotification", message))
          lost()
        } else pending.get(message.id as number)?.(message)
      }
      const reading = (async () => {
        let text = ""
        for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
          const lines = `${text}${piece}`.split("\n")
          text = lines.pop() ?? ""
          for (const line of lines) hear(line)
        }
      })()
      let id = 0
      const ask = (method: string, params: object) => {
        id += 1
        const message = { jsonrpc: "2.0", id, method, params }
        wrong.push(check("ClientMessage", message))
        const { promise, resolve } = Promise.withResolvers<Json>()
        pending.set(id, resolve)
        child.stdin.write(`${JSON.stringify(message)}\n`)
        return promise
      }
      const greeted = await ask("initialize", { protocol: 1, client: { name: "test", version: "1" } })
      wrong.push(check("InitializeResult", greeted.result))
      const { result: made } = await ask("submit", {
        op: { type: "session.create", cwd: scene.cwd, settings: { mode: "full" } },
      })
      const { sessionId } = made as { sessionId: `ses_${string}` }
      wrong.push(check("Receipt", made))
      const { result: subscribed } = await ask("subscribe", { subscription: { sessionId, from: 1 } })
      wrong.push(check("SubscribeResult", subscribed))
      const input = [{ type: "text", text: "go" }]
      const { result: begun } = await ask("submit", {
        op: { type: "turn.submit", sessionId, input, delivery: "start" },
      })
      wrong.push(check("Receipt", begun))
      await ended.promise
      for (const type of QUERY_TYPES) {
        const { result, error } = await ask("ask", { query: queryOf(type, sessionId, scene.cwd) })
        if (error !== undefined) {
          // No language server is on this machine's path.
          expect([type, error]).toEqual(["code.symbols", expect.objectContaining({ code: -32_000 })])
          wrong.push(check("ErrorResponse", { jsonrpc: "2.0", id: 1, error }))
          continue
        }
        const { answer } = result as Json
        wrong.push(check("AskResult", result))
        if (answer !== undefined) wrong.push(check(answerName(type), answer))
        // Nothing is told that the schema does not know.
        expect([type, answerSchema(type).parse(answer) as unknown]).toEqual([type, answer])
      }
      const { error: refused } = await ask("ask", { query: { type: "session.read", sessionId: "ses_none" } })
      expect(refused).toMatchObject({ code: -32_000, data: { code: "session.not_found" } })
      const over = Promise.withResolvers<void>()
      lost = over.resolve
      const nobody = await ask("subscribe", { subscription: { sessionId: "ses_none" } })
      if (nobody.error === undefined) await over.promise
      child.stdin.end()
      await Promise.all([reading, child.exited])

      expect(wrong.filter((sentence) => sentence !== "")).toEqual([])
      expect(wrong.length).toBeGreaterThan(100)
    },
    HANG_MS,
  )

  test(
    "is what a server says of itself, to whoever has the token",
    async () => {
      using talk = talking({ text: "Hello." })
      const child = talk.scene.start(["serve", "--listen", "http://127.0.0.1:0"])
      try {
        let said = ""
        const reading = child.stderr.getReader()
        while (!/listening on http.*\n/.test(said)) said += new TextDecoder().decode((await reading.read()).value)
        const [, address = ""] = /listening on (http\S+)/.exec(said) ?? []
        const [, file = ""] = /token +is in ([^;]+);/.exec(said) ?? []
        const headers = { Authorization: `Bearer ${readFileSync(file, "utf8").trim()}` }
        const schema = await fetch(`${address}/v1/schema.json`, { headers })
        const openapi = await fetch(`${address}/v1/openapi.json`, { headers })

        expect(await schema.json()).toEqual(published("skein.schema.json"))
        expect(((await openapi.json()) as Json).paths).toEqual(published("openapi.json").paths)
        expect((await fetch(`${address}/v1/schema.json`)).status).toBe(401)
      } finally {
        child.kill()
        await child.exited
      }
    },
    HANG_MS,
  )
})

const answerName = (type: string) =>
  `${type.replace(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}Answer`

/** One query of each type that has an answer. */
function queryOf(type: QueryType, sessionId: `ses_${string}`, cwd: string): Query {
  const to = { kind: "undo", turns: 1 } as const
  const more: Partial<Record<QueryType, object>> = {
    "sessions.list": { includesNonInteractive: true },
    "sessions.search": { text: "go" },
    "rewind.preview": { to, scope: "both" },
    "checkpoint.diff": { to },
    "command.resolve": { name: "model", args: "" },
    "tasks.list": { model: "anthropic/claude-sonnet-5" },
    "skills.list": { of: { sessionId } },
    "hooks.list": { of: { cwd } },
    "code.symbols": { of: { path: "a.ts" } },
    "files.find": { root: cwd, query: "a" },
    "cache.forecast": { change: { kind: "tools" } },
    "process.output": { processId: "prc_none" },
    "permissions.explain": { tool: "bash", input: { command: "ls" } },
  }
  const takesNone = [
    "sessions.list",
    "sessions.search",
    "prompts.list",
    "models.list",
    "tasks.list",
    "skills.list",
    "hooks.list",
    "files.find",
  ]
  const place = takesNone.includes(type) ? {} : { sessionId }
  return { type, ...place, ...more[type] } as unknown as Query
}
