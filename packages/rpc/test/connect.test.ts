import { expect, test } from "bun:test"
import { accepted, type Engine, type Event, type Id, type IdPrefix, type Op, SkeinError } from "@skein/protocol"
import { call, countingRandom, listen, memoryLogs, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { connect, dialing, listenHttp, type RemoteEngine, serveEngine, type Transport } from "../src/index.ts"
import { CLIENT, served, TOKEN } from "./far.ts"
import { pair } from "./pair.ts"

const OPTIONS = { server: { name: "skein", version: "1" }, onDefect: () => undefined }

type Fate = "arrives" | "is lost" | "cuts"

/** A served engine whose connections a test can cut: `cut` ends the one of just now, `fate` says what becomes of each message. */
function cuttable(engine: Engine, graceMs?: number) {
  let server = serveEngine(engine, { ...OPTIONS, graceMs })
  const at = {
    dials: 0,
    cut: () => {},
    fate: (_message: string, _to: "server" | "client"): Fate => "arrives",
    isDown: false,
    /** Another engine serves from now on, as after a server that was killed. */
    replace(by: Engine) {
      server = serveEngine(by, { ...OPTIONS, graceMs })
    },
  }
  const dial = async (): Promise<Transport> => {
    if (at.isDown) throw new SkeinError("engine.unreachable", "It is down.")
    at.dials += 1
    const { near, far, cut } = pair()
    at.cut = cut
    const sent = (to: "server" | "client", send: (text: string) => void) => (text: string) => {
      const fate = at.fate(text, to)
      if (fate === "arrives") send(text)
      else if (fate === "cuts") cut()
    }
    void server.accept({ ...near, messages: near.messages, send: sent("client", near.send) })
    return { ...far, messages: far.messages, send: sent("server", far.send) }
  }
  return { at, close: () => server.close(), connect: (more = {}) => connect(dial, { ...CLIENT, ...more }) }
}

const create: Op = { type: "session.create", cwd: "/repo", settings: {} }
const submit = (engine: Engine, sessionId: `ses_${string}`, text: string) =>
  accepted(engine, { type: "turn.submit", sessionId, input: [{ type: "text", text }], delivery: "queue" })

async function until(events: AsyncIterator<Event, undefined>, type: Event["type"]): Promise<Event[]> {
  const seen: Event[] = []
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    seen.push(next.value)
    if (next.value.type === type) return seen
  }
  throw new Error(`Ended before ${type}`)
}
const seqs = (events: readonly Event[]) => events.flatMap((event) => ("seq" in event ? [event.seq] : []))

test("an op whose answer is lost is sent again over the next connection, and done once", async () => {
  const engine = testEngine(scriptedModel(say("one"), say("two")))
  const { at, close, connect } = cuttable(engine)
  const remote = await connect()
  let lost = 0
  at.fate = (text, to) =>
    to === "client" && text.includes('"status":"accepted"') && lost++ % 2 === 0 ? "cuts" : "arrives"
  const { sessionId } = await accepted(remote, create)
  const events = remote.events({ sessionId, from: 1 })[Symbol.asyncIterator]()
  await submit(remote, sessionId, "hi")
  const seen = await until(events, "turn.ended")
  expect(seen.filter((event) => event.type === "turn.started").length).toBe(1)
  expect((await remote.ask({ type: "sessions.list" })).length).toBe(1)
  expect([lost, at.dials]).toEqual([4, 3])
  remote.close()
  await close()
  await engine.close()
})

test("a subscription goes on behind its last event, wherever the connection is cut", async () => {
  const engine = testEngine(scriptedModel(...Array.from({ length: 6 }, () => say("a ", "b ", "c"))))
  const { at, close, connect } = cuttable(engine)
  const states: string[] = []
  const remote = await connect({ onState: (state: string) => states.push(state) })
  const { sessionId } = await accepted(remote, create)
  // Without a cursor: what it comes after is told with the subscription, so that a cut before any event loses nothing either.
  const events = remote.events({ sessionId })[Symbol.asyncIterator]()
  const all: Event[] = []
  for (let turn = 0; turn < 6; turn++) {
    let left = turn * 3
    at.fate = (text, to) => (to === "client" && text.includes('"method":"event"') && left-- === 0 ? "cuts" : "arrives")
    await submit(remote, sessionId, "hi")
    all.push(...(await until(events, "turn.ended")))
  }
  const told = seqs(all)
  expect(told).toEqual(told.map((_, index) => index + 2))
  expect(states.length).toBeGreaterThanOrEqual(6)
  remote.close()
  expect(await events.next()).toEqual({ done: true, value: undefined })
  await close()
  await engine.close()
})

test("what a server did before it died is not done again by the next one, and is answered alike", async () => {
  const logs = memoryLogs()
  const model = scriptedModel(say("one"), say("two"))
  const first = testEngine(model, { logs })
  const { at, close, connect } = cuttable(first)
  const remote = await connect()
  const replaced = async () => {
    let made = 0
    const id = <P extends IdPrefix>(prefix: P): Id<P> => `${prefix}_next${++made}`
    const next = testEngine(model, { logs, random: { ...countingRandom(), id } })
    await first.close()
    at.fate = () => "arrives"
    at.replace(next)
    at.isDown = false
    return next
  }
  const done = Promise.withResolvers<void>()
  at.fate = (text, to) => {
    if (to !== "client" || !text.includes('"status":"accepted"')) return "arrives"
    at.isDown = true
    done.resolve()
    return "cuts"
  }
  const created = accepted(remote, create)
  await done.promise
  const next = await replaced()
  const { sessionId } = await created
  expect((await remote.ask({ type: "sessions.list" })).map((session) => session.sessionId)).toEqual([sessionId])
  remote.close()
  await close()
  await next.close()
})

test("what happens before a subscription's first event has come is not missed when the connection is cut then", async () => {
  const engine = testEngine(scriptedModel(say("one")))
  const { at, close, connect } = cuttable(engine)
  const remote = await connect()
  const { sessionId } = await accepted(remote, create)
  const watching = listen(engine, sessionId)
  at.fate = (text, to) => (to === "client" && text.includes('"method":"event"') ? "is lost" : "arrives")
  const events = remote.events({ sessionId })[Symbol.asyncIterator]()
  await submit(remote, sessionId, "hi")
  await watching.until("turn.ended")
  at.fate = () => "arrives"
  at.cut()
  const seen = await until(events, "turn.ended")
  expect(seqs(seen)).toEqual(seqs(watching.events))
  remote.close()
  await close()
  await engine.close()
})

test("whoever offered to answer is offered again over the next connection; who does not come back is detached", async () => {
  const tools = testTools({
    write: { effects: [{ kind: "write", paths: ["/etc/hosts"], isInside: false }], run: () => "written" },
  })
  const engine = testEngine(scriptedModel(call("write", {}), say("ok"), call("write", {}), say("no")), { tools })
  const { at, close, connect } = cuttable(engine, 0)
  const remote = await connect()
  const { sessionId } = await accepted(remote, create)
  await accepted(remote, { type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] })
  const again = Promise.withResolvers<void>()
  at.fate = (text, to) => {
    if (to === "server" && text.includes("client.attach")) again.resolve()
    return "arrives"
  }
  at.cut()
  await again.promise
  const events = remote.events({ sessionId, from: 1 })[Symbol.asyncIterator]()
  await submit(remote, sessionId, "write")
  const asked = (await until(events, "approval.requested")).at(-1)
  if (asked?.type !== "approval.requested") throw new Error("It was not asked")
  const { approvalId } = asked
  await accepted(remote, { type: "approval.answer", sessionId, approvalId, answer: "allow_once" })
  await until(events, "turn.ended")
  const watching = listen(engine, sessionId)
  await watching.until("session.snapshot")
  await submit(remote, sessionId, "write")
  await watching.until("approval.requested")
  remote.close()
  expect((await watching.until("approval.resolved")).answer).not.toStartWith("allow")
  await close()
  await engine.close()
})

test("servers that live in a client are brought again over the next connection, behind its offer to answer", async () => {
  const engine = testEngine(scriptedModel())
  const heard: string[] = []
  const { at, close, connect } = cuttable({
    ...engine,
    submit: async (op) => {
      heard.push(op.type)
      return op.type === "mcp.bring" ? { status: "accepted", sessionId: op.sessionId, seq: 1 } : engine.submit(op)
    },
    ask: (query) => engine.ask(query),
    events: (subscription) => engine.events(subscription),
  })
  const remote = await connect()
  const { sessionId } = await accepted(remote, create)
  await accepted(remote, { type: "client.attach", sessionId, clientId: "cli_a", answers: ["mcp"] })
  const servers = [{ name: "host", transport: { kind: "client" } as const }]
  await accepted(remote, { type: "mcp.bring", sessionId, servers })
  heard.length = 0
  at.cut()
  await remote.ask({ type: "sessions.list" })
  expect(heard).toEqual(["client.attach", "mcp.bring"])
  remote.close()
  await close()
  await engine.close()
})

test("what the engine refuses is refused in the same words, and a defect keeps its sentence", async () => {
  const engine = testEngine(scriptedModel())
  const { close, connect } = cuttable({
    ...engine,
    ask: async () => {
      throw new SkeinError("provider.rate_limited", "Too many.", { retryAfterMs: 7, httpStatus: 429, requestId: "r" })
    },
    submit: async () => {
      throw new TypeError("x is no function")
    },
    events: (subscription) => engine.events(subscription),
  })
  const remote = await connect()
  const facts = {
    name: "SkeinError",
    code: "provider.rate_limited",
    message: "Too many.",
    retryAfterMs: 7,
    httpStatus: 429,
    requestId: "r",
  }
  expect(remote.ask({ type: "sessions.list" })).rejects.toMatchObject(facts)
  expect(remote.submit(create)).rejects.toThrow("x is no function")
  const { sessionId } = { sessionId: "ses_none" } as const
  for (const from of [undefined, 1]) {
    const events = remote.events({ sessionId, from })[Symbol.asyncIterator]()
    expect(events.next()).rejects.toMatchObject({ code: "session.not_found" })
  }
  remote.close()
  expect(remote.ask({ type: "sessions.list" })).rejects.toMatchObject({ code: "engine.unreachable" })
  await close()
  await engine.close()
})

test("a server that does not come back is given up, and whoever asks later begins anew", async () => {
  const engine = testEngine(scriptedModel())
  const { at, close, connect } = cuttable(engine)
  const remote = await connect({ reconnectMs: 1 })
  const { sessionId } = await accepted(remote, create)
  const events = remote.events({ sessionId })[Symbol.asyncIterator]()
  await events.next()
  at.isDown = true
  at.cut()
  expect(events.next()).rejects.toMatchObject({ code: "engine.unreachable" })
  expect(remote.ask({ type: "sessions.list" })).rejects.toMatchObject({ code: "engine.unreachable" })
  await expect(connect()).rejects.toMatchObject({ code: "engine.unreachable" })
  at.isDown = false
  expect((await remote.ask({ type: "sessions.list" })).length).toBe(1)
  remote.close()
  await close()
  await engine.close()
})

test("a subscription that is returned ends a next that waits, and is ended in the engine too", async () => {
  const engine = testEngine(scriptedModel())
  let open = 0
  const watched: Engine = {
    ...engine,
    events(subscription) {
      const events = engine.events(subscription)[Symbol.asyncIterator]()
      open += 1
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => events.next(),
          return: async () => {
            open -= 1
            return (await events.return?.()) ?? { done: true, value: undefined }
          },
        }),
      }
    },
  }
  const at = await served(watched)
  const remote = await at.connect()
  const { sessionId } = await accepted(remote, create)
  const events = remote.events({ sessionId })[Symbol.asyncIterator]()
  await events.next()
  const waiting = events.next()
  await events.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  while (open > 0) await remote.ask({ type: "sessions.list" })
  remote.close()
  await at.close()
  await engine.close()
})

test("who is not let in is told why at once, and dials no more", async () => {
  const engine = testEngine(scriptedModel())
  const server = serveEngine(engine, OPTIONS)
  const listener = await listenHttp(server, { hostname: "127.0.0.1", port: 0, token: TOKEN, onDefect: () => undefined })
  for (const way of ["websocket", "requests"] as const) {
    const dial = dialing(listener.address, { token: "another-token", way })
    await expect(connect(dial, CLIENT)).rejects.toMatchObject({
      code: "engine.refused",
      message: expect.stringContaining("token"),
    })
    const nobody = dialing("http://127.0.0.1:1", { token: TOKEN, way })
    await expect(connect(nobody, CLIENT)).rejects.toMatchObject({ code: "engine.unreachable" })
  }
  await expect(connect(dialing("unix:/nowhere/at/all"), CLIENT)).rejects.toMatchObject({ code: "engine.unreachable" })
  for (const wrong of [
    "",
    "tcp:1",
    "unix:relative",
    "https://127.0.0.1:1",
    "http://user:secret@127.0.0.1:1",
    "http://127.0.0.1:1?token=x",
  ]) {
    expect(() => dialing(wrong)).toThrow("is no address")
  }
  const stranger = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("hello") })
  for (const way of ["websocket", "requests"] as const) {
    const dial = dialing(`http://127.0.0.1:${stranger.port}`, { token: TOKEN, way })
    await expect(connect(dial, CLIENT)).rejects.toMatchObject({ code: "engine.refused" })
  }
  await stranger.stop(true)
  await listener.close()
  await server.close()
  await engine.close()
})

test("who takes the connection and says nothing is nobody", async () => {
  const { near } = pair()
  const silent = connect(async () => near, { ...CLIENT, greetingMs: 1 })
  await expect(silent).rejects.toMatchObject({ code: "engine.unreachable" })
})

test("a greeting of another version ends it", async () => {
  const { near, far } = pair()
  const reading = far.messages[Symbol.asyncIterator]()
  const connected = connect(async () => near, CLIENT)
  await reading.next()
  far.send('{"jsonrpc":"2.0","id":1,"result":{"protocol":2,"server":{"name":"later","version":"9"}}}')
  await expect(connected).rejects.toMatchObject({
    code: "engine.refused",
    message: expect.stringContaining("version 2"),
  })
})

for (const way of ["unix", "websocket", "requests"] as const) {
  test(`over ${way}: a subscription that nobody reads holds up nothing else, and is whole when it is read`, async () => {
    const engine = testEngine(scriptedModel(...Array.from({ length: 40 }, () => say(..."abcdefgh"))))
    const at = await served(engine, way)
    const remote: RemoteEngine = await at.connect({ window: 8 })
    const { sessionId } = await accepted(remote, create)
    const unread = remote.events({ sessionId, from: 1 })[Symbol.asyncIterator]()
    const read = remote.events({ sessionId, from: 1 })[Symbol.asyncIterator]()
    for (let turn = 0; turn < 40; turn++) {
      await submit(remote, sessionId, "hi")
      await until(read, "turn.ended")
    }
    const { seq } = await remote.ask({ type: "session.read", sessionId })
    const late: number[] = []
    while (late.at(-1) !== seq) {
      const { value } = await unread.next()
      if (value !== undefined && "seq" in value) late.push(value.seq)
    }
    expect(late).toEqual(Array.from({ length: seq }, (_, index) => index + 1))
    remote.close()
    await at.close()
    await engine.close()
  })
}
