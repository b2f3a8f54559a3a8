import { afterEach, beforeEach, expect, test } from "bun:test"
import { accepted, type Engine, type Op, type SessionId } from "@skein/protocol"
import { scriptedModel, testEngine } from "@skein/testkit"
import { type Listener, listenHttp, serveEngine } from "../src/index.ts"
import { Attachments } from "../src/serving/attachments.ts"
import { checked } from "../src/serving/checked.ts"
import { Requests } from "../src/serving/requests.ts"
import { TOKEN } from "./far.ts"

const onDefect = () => undefined
/** Ops of who answers, in their order. */
let said: string[] = []
const waiting: (() => void)[] = []
let base: ReturnType<typeof testEngine>
let server: ReturnType<typeof serveEngine>
let listener: Listener
let sessionId: SessionId

beforeEach(async () => {
  said = []
  base = testEngine(scriptedModel())
  const engine: Engine = {
    ...base,
    async submit(op: Op) {
      const receipt = await base.submit(op)
      if (op.type.startsWith("client.")) said.push(op.type)
      for (const wake of waiting.splice(0)) wake()
      return receipt
    },
  }
  server = serveEngine(engine, { server: { name: "", version: "" }, onDefect, graceMs: 0 })
  listener = await listenHttp(server, { hostname: "127.0.0.1", port: 0, token: TOKEN, onDefect })
  sessionId = (await accepted(base, { type: "session.create", cwd: "/repo" })).sessionId
})
afterEach(async () => {
  await server.close()
  await listener.close()
  await base.close()
})

const headers = (name: string | undefined) => ({
  Authorization: `Bearer ${TOKEN}`,
  "Content-Type": "application/json",
  ...(name === undefined ? {} : { "Skein-Connection": name }),
})
const attach = (name: string | undefined) =>
  fetch(`${listener.address}/v1/ops`, {
    ...{ method: "POST", headers: headers(name) },
    body: JSON.stringify({ type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] }),
  })
async function listening(name: string) {
  const stop = new AbortController()
  const url = `${listener.address}/v1/sessions/${sessionId}/events`
  const { body } = await fetch(url, { headers: headers(name), signal: stop.signal })
  const reading = body?.getReader()
  await reading?.read()
  return () => {
    stop.abort()
    // It ends as it was ended.
    reading?.cancel().catch(() => undefined)
  }
}
async function until(what: string): Promise<void> {
  while (!said.includes(what)) await new Promise<void>((resolve) => waiting.push(resolve))
}
/** As many round trips as a timer of no time needs to be due. */
async function others(): Promise<void> {
  for (let left = 5; left > 0; left--) await fetch(`${listener.address}/health`)
}

test("over plain requests, who answers is there as long as one of the streams of its name is", async () => {
  const [first, second, other] = [await listening("me"), await listening("me"), await listening("somebody")]
  expect(await (await attach("me")).json()).toMatchObject({ status: "accepted" })
  first()
  other()
  await others()
  expect(said).toEqual(["client.attach"])
  second()
  await until("client.detach")
  expect(said).toEqual(["client.attach", "client.detach"])
})

test("who attaches and does not listen is gone in the time that a lost connection has", async () => {
  expect((await attach("nobody")).status).toBe(200)
  await until("client.detach")
})

test("who attaches under no name, or one that is none, is refused and told what to do", async () => {
  for (const name of [undefined, "", "two words", "x".repeat(101)]) {
    const answer = await attach(name)
    const { error } = (await answer.json()) as { error: { code: string; message: string } }
    expect([answer.status, error.code, error.message]).toEqual([
      400,
      "op.invalid",
      expect.stringContaining("Skein-Con"),
    ])
  }
  expect(said).toEqual([])
})

test("a connection that is back in time is not detached, and one that is not is", async () => {
  const detached: string[] = []
  const gone = Promise.withResolvers<void>()
  const engine: Engine = {
    ...base,
    async submit(op) {
      if (op.type === "client.detach") detached.push(op.clientId)
      if (op.type === "client.detach" && op.clientId === "cli_away") gone.resolve()
      return { status: "accepted", sessionId, seq: 1 }
    },
  }
  const attachments = new Attachments(engine, 1)
  const requests = new Requests(checked(engine), attachments)
  for (const name of ["back", "away"]) {
    await requests.submit({ type: "client.attach", sessionId, clientId: `cli_${name}`, answers: ["approval"] }, name)
    // At once: no timer comes in between.
    if (name === "back") requests.opened(name)
  }
  await gone.promise
  expect(detached).toEqual(["cli_away"])
  attachments.close()
})
