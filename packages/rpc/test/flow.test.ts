import { expect, test } from "bun:test"
import type { Engine, Event } from "@skein/protocol"
import { serveEngine } from "../src/index.ts"
import { pair } from "./pair.ts"

/** An engine whose one session never stops; how many of its events were taken is known. */
function endless() {
  const at = { taken: 0, isReturned: false }
  const event = (seq: number) =>
    ({ v: 1, seq, id: "evt_1", at: 0, sessionId: "ses_a", type: "notice.posted" }) as unknown as Event
  const engine: Engine = {
    submit: async () => ({ status: "accepted", sessionId: "ses_a", seq: 1 }),
    ask: async () => [] as never,
    events: () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: event(++at.taken) }),
        async return() {
          at.isReturned = true
          return { done: true, value: undefined }
        },
      }),
    }),
  }
  return { engine, at }
}

const say = (message: object) => JSON.stringify({ jsonrpc: "2.0", ...message })
const more = (count: number) => say({ method: "more", params: { subscriptionId: "sub_1", count } })

function subscribed(window: number) {
  const { engine, at } = endless()
  const server = serveEngine(engine, { server: { name: "", version: "" }, onDefect: () => undefined })
  const wire = pair()
  const running = server.accept(wire.near)
  wire.far.send(say({ id: 1, method: "initialize", params: {} }))
  wire.far.send(say({ id: 2, method: "subscribe", params: { subscription: { sessionId: "ses_a", from: 1 }, window } }))
  return { at, wire, running, server }
}

/** Everything that can happen without the far end has happened. */
/** A message is taken in each round of the process, so of many rounds. */
async function settled(): Promise<void> {
  for (let round = 0; round < 100; round++) await new Promise((resolve) => setImmediate(resolve))
}

test("nothing is taken from the engine beyond what the client has credit for", async () => {
  const { at, wire, server } = subscribed(5)
  await settled()
  expect(at.taken).toBe(5)
  wire.far.send(more(3))
  await settled()
  expect(at.taken).toBe(8)
  await server.close()
  expect(at.isReturned).toBe(true)
})

test("a client that takes no bytes holds up only its own connection: nothing more is taken for it, and nothing read from it", async () => {
  const { at, wire, running } = subscribed(1)
  await settled()
  wire.deafen()
  wire.far.send(more(1_000))
  for (let id = 10; id < 60; id++)
    wire.far.send(say({ id, method: "ask", params: { query: { type: "sessions.list" } } }))
  await settled()
  expect([at.taken, wire.near.waiting <= 3]).toEqual([2, true])
  wire.hear()
  await settled()
  expect(at.taken).toBe(1_001)
  wire.cut()
  await running
  expect(at.isReturned).toBe(true)
})
