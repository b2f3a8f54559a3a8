import { expect, test } from "bun:test"
import type { Op } from "@skein/protocol"
import { openSession, say, scriptedModel, submitText, testEngine } from "@skein/testkit"
import { serveEngine } from "../src/index.ts"
import { pair } from "./pair.ts"

/** A server, and a client that speaks by hand. */
async function byHand(isGreeted = true) {
  const engine = testEngine(scriptedModel(...Array.from({ length: 9 }, () => say("Hi"))))
  const defects: unknown[] = []
  const server = serveEngine(engine, {
    server: { name: "skein", version: "1" },
    onDefect: (error) => defects.push(error),
  })
  const { near, far } = pair()
  const running = server.accept(near)
  const messages = far.messages[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await messages.next()).value ?? "null")
  const ask = async (method: string, params: object, id: string | number = 1) => {
    far.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }))
    return next()
  }
  if (isGreeted) await ask("initialize", { protocol: 1 })
  return {
    ...{ engine, far, next, ask, defects },
    async close() {
      await server.close()
      await running
      await engine.close()
    },
  }
}

const error = (code: number, message: unknown = expect.any(String), id: unknown = 1) => ({
  ...{ jsonrpc: "2.0", id, error: expect.objectContaining({ code, message }) },
})

test("nothing is said before the greeting, which tells each side's version", async () => {
  const at = await byHand(false)
  expect(await at.ask("ask", { query: { type: "sessions.list" } })).toEqual(error(-32600, "Begin with initialize."))
  expect(await at.ask("initialize", { protocol: 9 })).toEqual({
    ...{ jsonrpc: "2.0", id: 1, result: { protocol: 1, server: { name: "skein", version: "1" } } },
  })
  expect(await at.ask("ask", { query: { type: "sessions.list" } }, "two")).toEqual({
    jsonrpc: "2.0",
    id: "two",
    result: { answer: [] },
  })
  await at.close()
})

test("what is no message, no method or no op is refused by name, and the connection goes on", async () => {
  const at = await byHand()
  for (const [text, code] of [
    ["{", -32700],
    ["[]", -32600],
    ['"x"', -32700],
    ['{"id":1,"method":"ask"}', -32600],
    ['{"jsonrpc":"2.0","id":null,"method":"ask"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"ask","params":[1]}', -32602],
  ] as const) {
    at.far.send(text)
    expect({ text, said: await at.next() }).toEqual({ text, said: error(code, expect.any(String), null) })
  }
  expect(await at.ask("toString", {})).toEqual(error(-32601, 'There is no method "toString".'))
  expect(await at.ask("submit", { op: { type: "turn.submit", sessionId: "../etc" } })).toEqual(
    error(-32000, expect.stringContaining("sessionId")),
  )
  expect(await at.ask("submit", { op: { type: "constructor" } })).toMatchObject({
    error: { message: 'There is no op "constructor".', data: { code: "op.invalid" } },
  })
  expect(await at.ask("submit", { op: { type: "turn.submitt" } })).toMatchObject({
    error: { message: 'There is no op "turn.submitt". Did you mean turn.submit?' },
  })
  expect(await at.ask("ask", { query: { type: "session.raed" } })).toMatchObject({
    error: { message: 'There is no query "session.raed". Did you mean session.read?' },
  })
  expect(await at.ask("submit", {})).toMatchObject({ error: { data: { code: "op.invalid" } } })
  expect(await at.ask("ask", { query: { type: "session.read", sessionId: "ses_none" } })).toMatchObject({
    error: { code: -32000, data: { code: "session.not_found" } },
  })
  for (const subscription of [
    { sessionId: "ses_/x" },
    { sessionId: "ses_a", from: 0 },
    { sessionId: "ses_a", isReadOnly: 1 },
    null,
  ]) {
    expect(await at.ask("subscribe", { subscription })).toMatchObject({ error: { data: { code: "op.invalid" } } })
  }
  const sessionId = "ses_a"
  for (const window of [0, 1.5, 1025, "9"]) {
    expect(await at.ask("subscribe", { subscription: { sessionId }, window })).toEqual(error(-32602))
  }
  expect(await at.ask("subscribe", { subscription: { sessionId } })).toMatchObject({
    error: { data: { code: "session.not_found" } },
  })
  expect(await at.ask("unsubscribe", { subscriptionId: "sub_99" })).toMatchObject({ result: {} })
  expect(at.defects).toEqual([])
  await at.close()
})

test("fields that the protocol does not know never reach the engine", async () => {
  const seen: unknown[] = []
  const engine = testEngine(scriptedModel())
  const watched = {
    ...engine,
    submit(op: Op) {
      seen.push(op)
      return engine.submit(op)
    },
  }
  const { near, far } = pair()
  const server = serveEngine(watched, { server: { name: "", version: "" }, onDefect: () => undefined })
  void server.accept(near)
  const say = (message: object) => far.send(JSON.stringify({ jsonrpc: "2.0", ...message }))
  say({ id: 1, method: "initialize", params: {} })
  say({
    id: 2,
    method: "submit",
    params: { op: { type: "session.create", cwd: "/repo", isAdmin: true, __proto__x: 1 } },
  })
  const messages = far.messages[Symbol.asyncIterator]()
  await messages.next()
  await messages.next()
  expect(seen).toEqual([{ type: "session.create", cwd: "/repo" }])
  await server.close()
  await engine.close()
})

test("a subscription says what its first event comes after, sends no more than its window, and goes on when asked to", async () => {
  const at = await byHand()
  const session = await openSession(at.engine)
  await submitText(at.engine, session.id, "hi")
  await session.until("turn.ended")
  const { result } = await at.ask("subscribe", { subscription: { sessionId: session.id }, window: 1 })
  const { seq } = await at.engine.ask({ type: "session.read", sessionId: session.id })
  expect(result).toEqual({ subscriptionId: "sub_1", after: seq })
  expect(await at.next()).toMatchObject({
    method: "event",
    params: { subscriptionId: "sub_1", event: { type: "session.snapshot" } },
  })
  await submitText(at.engine, session.id, "again")
  await session.until("turn.ended")
  // Had it sent more, that would come before this answer.
  expect(await at.ask("unsubscribe", { subscriptionId: "sub_9" })).toMatchObject({ result: {} })
  at.far.send(JSON.stringify({ jsonrpc: "2.0", method: "more", params: { subscriptionId: "sub_1", count: 2 } }))
  expect([await at.next(), await at.next()]).toMatchObject([{ method: "event" }, { method: "event" }])
  expect(await at.ask("unsubscribe", { subscriptionId: "sub_1" })).toMatchObject({ result: {} })
  await at.close()
})

test("when the session is closed, the subscription is told that it ended", async () => {
  const at = await byHand()
  const session = await openSession(at.engine)
  await at.ask("subscribe", { subscription: { sessionId: session.id } })
  await at.next()
  await at.engine.submit({ type: "session.close", sessionId: session.id })
  expect(await at.next()).toEqual({ jsonrpc: "2.0", method: "ended", params: { subscriptionId: "sub_1" } })
  await at.close()
})
