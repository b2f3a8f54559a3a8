import { expect, test } from "bun:test"
import type { ModelInfo, Settings } from "@skein/protocol"
import { type FakeClock, fakeClock, type Scripted, scriptedModelWith } from "@skein/testkit"
import { scene } from "./scene.ts"

const MINUTE_MS = 60_000
const FACTS: Partial<ModelInfo> = {
  cache: { kind: "marks", ttlMs: 5 * MINUTE_MS, tokensMin: 1_024 },
  price: { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 },
}

function read(cacheRead: number): Scripted {
  const usage = { type: "usage", usage: { input: 10_000 - cacheRead, cacheRead, output: 1 } } as const
  return [
    [usage],
    [
      { type: "text", index: 0, text: "ok" },
      { type: "item_end", index: 0 },
      { type: "stop", reason: "end" },
    ],
  ]
}

/** How often a session was kept alive that is left alone after one turn. */
async function pings(
  keepAliveMs: number,
  facts: Partial<ModelInfo> = {},
  waitMs = 60 * MINUTE_MS,
  settings: Partial<Settings> = {},
) {
  const clock = fakeClock()
  const model = scriptedModelWith({ ...FACTS, ...facts }, read(0), ...Array.from({ length: 50 }, () => read(9_990)))
  const given = await scene(model, { clock, keepAliveMs }, settings)
  await given.say("one")
  await given.session.until("turn.ended")
  // The code for it is read when it is first wanted: time passes only once it waits.
  const isBegun = settings.limits === undefined && settings.webSearch === undefined
  if (keepAliveMs > 0 && !("price" in facts) && isBegun) await until(() => clock.sleeping.length > 0)
  for (let waited = 0; waited < waitMs; waited += MINUTE_MS / 2) await passed(clock)
  await given.engine.close()
  const recorded = given.session.events.filter((event) => event.type === "usage.recorded")
  return { requests: model.requests, recorded }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setImmediate(done))
}

/** Half a minute, and what it sets off. */
async function passed(clock: FakeClock): Promise<void> {
  for (let tick = 0; tick < 20; tick++) await new Promise((done) => setImmediate(done))
  clock.advance(MINUTE_MS / 2)
}

test("nothing is asked of an idle session's provider unless the person wants it", async () => {
  expect((await pings(0)).requests).toHaveLength(1)
})

test("a session is kept in the cache before each time it would be forgotten, for as long as was said", async () => {
  const { requests, recorded } = await pings(15 * MINUTE_MS)

  expect(requests).toHaveLength(4)
  expect(recorded).toHaveLength(3)
  expect(recorded[0]).toMatchObject({ purpose: "keep_alive", usage: { cacheRead: 9_990, input: 10 } })
  const [first, second] = requests
  expect(second?.system).toEqual(first?.system ?? [])
  expect(second?.messages.slice(0, 1)).toEqual([...(first?.messages ?? [])])
  expect(second?.messages.at(-1)).toEqual({ role: "user", content: [{ type: "text", text: "Say only: ok." }] })
})

test("it ends when all of it would cost as much as reading anew, and is not begun without a price", async () => {
  const { requests } = await pings(10_000 * MINUTE_MS, {}, 240 * MINUTE_MS)
  // Reading anew costs 4.6 a token more; each time costs 0.4, and a word: fewer than twelve.
  expect(requests.length - 1).toBeGreaterThan(5)
  expect(requests.length - 1).toBeLessThan(12)
  expect((await pings(15 * MINUTE_MS, { price: undefined })).requests).toHaveLength(1)
})

test("it is not begun where a budget is spent", async () => {
  const limits = { sessionMicroUsdMax: 1_000 }
  expect((await pings(15 * MINUTE_MS, {}, undefined, { limits })).requests).toHaveLength(1)
})

test("a provider that may search the web is not asked for a word of its own: it might search", async () => {
  const search = { isCacheable: true, isBoundable: true }
  const { requests } = await pings(15 * MINUTE_MS, { search }, 60 * MINUTE_MS, { webSearch: { access: "live" } })
  expect(requests).toHaveLength(1)
})
