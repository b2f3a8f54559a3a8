import { expect, test } from "bun:test"
import { type DurableEvent, SkeinError } from "@skein/protocol"
import { call, say, testTools } from "@skein/testkit"
import { fold } from "../src/index.ts"
import { compactNow } from "../src/turn/compact.ts"
import { continued, desk, talked, then } from "./desk.ts"
import { withSummaries } from "./summaries.ts"

const tools = testTools({ read: { run: () => "r".repeat(2_000) } })
const long = (name: string) => `${name} begins ${"x".repeat(40_000)} ${name} ends`

const texts = (request: unknown) => JSON.stringify(request)
const answering = (count: number) => withSummaries({}, Array(count).fill(say("ok")), [])

test("a goal is told once, where it was set, and again when it changed; what was sent before stays as it was", async () => {
  let log: readonly DurableEvent[] = await talked(["one"], answering(1))
  const model = answering(5)
  log = await continued(then(log, { type: "goal.changed", goal: "ship it" }), ["two", "three"], model)
  log = await continued(then(log, { type: "goal.changed", goal: "ship it well" }), ["four"], model)
  await continued(then(log, { type: "goal.changed", goal: null }), ["five"], model)

  const told = model.requests.map(({ messages }) => texts(messages).match(/person's words:.n[a-z ]*|was taken away/g))
  const first = "person's words:\\nship it"
  expect(told).toEqual([[first], [first], [first, `${first} well`], [first, `${first} well`, "was taken away"]])
  for (const [at, { messages }] of model.requests.entries()) {
    const before = model.requests[at - 1]?.messages.slice(0, -1) ?? []
    expect(texts(messages.slice(0, before.length))).toBe(texts(before))
  }
})

test("a goal that was told before a summary stands after it, and is not told twice", async () => {
  const log = then(await talked(["one"], answering(1)), { type: "goal.changed", goal: "ship it" })
  const model = withSummaries({}, [], [say("sum")])
  const at = desk(log, model)
  await compactNow(at.state, {}, at.ports)
  const next = answering(1)
  await continued(at.log, ["two"], next)
  expect(texts(next.requests[0]?.messages).match(/ship it/g)).toHaveLength(1)
})

test("what a summary had to shorten is back whole once it is restored, and stays so through the next", async () => {
  const facts = { contextTokens: 20_000, outputTokensMax: 4_000 }
  const log = await talked([long("first"), "short"], withSummaries(facts, [call("read", {}), say("a"), say("b")], []), {
    tools,
  })
  const at = desk(log, withSummaries(facts, [], [say("sum"), say("sum")]), { tools })
  await compactNow(at.state, {}, at.ports)
  const [event] = at.emitted("context.compacted")
  const [shortened] = event?.receipt?.shortened ?? []
  if (shortened === undefined) throw new Error("The long one was shortened")
  expect(event?.receipt?.kept).toHaveLength(1)
  expect(at.emitted("notice.posted").at(-1)?.text).toContain("Kept 1 of 2 of your messages. /restore")

  const next = withSummaries(facts, [say("ok"), say("ok")], [])
  const restored = then(at.log, { type: "context.restored", inputIds: [shortened] })
  const after = await continued(restored, ["go on", "and on"], next, { tools })
  const isWhole = next.requests.map(({ messages }) => texts(messages).split(long("first")).length - 1)
  expect(isWhole).toEqual([1, 1])

  const again = desk(after, withSummaries(facts, [], [say("sum")]), { tools })
  await compactNow(again.state, {}, again.ports)
  expect(again.emitted("context.compacted").at(-1)?.receipt?.shortened).toEqual([])
  expect(texts(fold(again.log).items)).toContain(long("first"))
})

test("what was restored and can never fit is cut again, and the session goes on", async () => {
  const model = withSummaries({ contextTokens: undefined }, [], [])
  const stream: typeof model.stream = async function* (request) {
    if (texts(request.messages).length > 12_000) throw new SkeinError("provider.context_exceeded", "too long")
    for (const burst of say("ok")) if (Array.isArray(burst)) yield burst
  }
  const small = { ...model, stream }
  const log = await talked([long("first")], small)
  const inputIds = fold(log).said.map(({ inputId }) => inputId)
  const after = await continued(then(log, { type: "context.restored", inputIds }), ["go on", "and on"], small)

  const ends = after.flatMap((event) => (event.type === "turn.ended" ? [event.outcome.kind] : []))
  expect(ends).toEqual(["completed", "completed", "completed"])
})
