import { expect, test } from "bun:test"
import type { CacheBreak, CacheChange, EventOf, ModelInfo, SettingsChange } from "@skein/protocol"
import { fakeClock, type Scripted, say, scriptedModelWith, testTools } from "@skein/testkit"
import type { ModelChunk } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

const KEPT: Partial<ModelInfo> = {
  search: { isCacheable: true, isBoundable: true },
  cache: { kind: "marks", ttlMs: 300_000, tokensMin: 1_024, isPerEffort: true },
}
const tools = testTools({ echo: { run: ({ n }) => `echo ${n}` }, other: { run: () => "other" } })

/** An answer whose request held 10,000 tokens, of which so many came from the cache. */
function read(cacheRead: number, text = "well"): Scripted {
  const usage: ModelChunk = { type: "usage", usage: { input: 10_000 - cacheRead, cacheRead, output: 1 } }
  return [[{ type: "text", index: 0, text }, { type: "item_end", index: 0 }, usage, { type: "stop", reason: "end" }]]
}

interface Asked {
  readonly breaks: readonly CacheBreak[] | undefined
  readonly miss: EventOf<"step.ended">["cacheMiss"]
}

/** What the log says of the second of two requests, between which something was done. */
async function between(
  doing: (
    given: Awaited<ReturnType<typeof scene>> & { readonly clock: ReturnType<typeof fakeClock> },
  ) => Promise<unknown>,
  { second = read(0), facts = KEPT }: { second?: Scripted; facts?: Partial<ModelInfo> } = {},
): Promise<Asked> {
  const clock = fakeClock()
  const given = await scene(scriptedModelWith(facts, read(0), second, say("summary"), second), { tools, clock })
  await given.say("one")
  await given.session.until("turn.ended")
  await doing({ ...given, clock })
  await given.say("two")
  await given.session.until("turn.ended")
  const started = given.session.events.findLast((event) => event.type === "step.started")
  const ended = given.session.events.findLast((event) => event.type === "step.ended")
  await given.engine.close()
  if (started?.type !== "step.started" || ended?.type !== "step.ended") throw new Error("No second step")
  return { breaks: started.breaks, miss: ended.cacheMiss }
}

const change =
  (changes: SettingsChange) =>
  ({ op }: Pick<Awaited<ReturnType<typeof scene>>, "op">) =>
    op({ type: "settings.change", changes })

test("a request that begins like the one before it breaks nothing, and what was read is no miss", async () => {
  expect(await between(async () => {}, { second: read(9_000) })).toEqual({ breaks: undefined, miss: undefined })
})

test("what the provider no longer had is a miss that nothing of ours explains", async () => {
  expect(await between(async () => {})).toEqual({ breaks: undefined, miss: { cause: "unknown", tokens: 10_000 } })
})

const CHANGES: readonly (readonly [CacheBreak, SettingsChange])[] = [
  [{ cause: "model", detail: "test/other instead of test/scripted" }, { model: "test/other" }],
  [{ cause: "tools" }, { tools: ["echo"] }],
  [{ cause: "effort", detail: "high instead of its own" }, { effort: "high" }],
  [{ cause: "tools" }, { webSearch: { access: "live" } }],
]
for (const [found, changes] of CHANGES) {
  test(`a miss has its cause: ${found.cause}, of ${Object.keys(changes)}`, async () => {
    expect(await between(change(changes))).toEqual({ breaks: [found], miss: { ...found, tokens: 10_000 } })
  })
}

test("mode, sandbox, dry run, plan and goal are no part of what is kept", async () => {
  for (const changes of [{ mode: "plan" }, { mode: "full" }, { sandbox: "read-only" }, { dryRun: true }] as const)
    expect((await between(change(changes))).breaks).toBeUndefined()
  expect((await between(({ op }) => op({ type: "goal.change", goal: "ship it" }))).breaks).toBeUndefined()
})

test("an effort that the provider does not keep apart breaks nothing", async () => {
  const facts: Partial<ModelInfo> = { cache: { kind: "prefix" } }
  expect((await between(change({ effort: "high" }), { facts })).breaks).toBeUndefined()
})

test("a rewind is named as the cause", async () => {
  const { breaks } = await between(async ({ op, session }) => {
    const [created] = session.events
    await op({
      type: "session.rewind",
      to: { kind: "seq", seq: created?.type === "session.created" ? created.seq : 1 },
      scope: "chat",
    })
  })
  expect(breaks?.map(({ cause }) => cause)).toContain("rewind")
})

test("time is a cause where the provider says how long it keeps a request", async () => {
  const wait = async ({ clock }: { readonly clock: ReturnType<typeof fakeClock> }) => clock.advance(12 * 60_000)
  expect((await between(wait)).miss).toEqual({ cause: "idle", detail: "12 min, kept for 5", tokens: 10_000 })
  expect((await between(wait, { facts: { cache: { kind: "prefix" } } })).breaks).toBeUndefined()
})

test("nothing is missed where nothing is known to be kept, or where there was too little", async () => {
  expect((await between(async () => {}, { facts: {} })).miss).toBeUndefined()
  expect((await between(async () => {}, { facts: { cache: { kind: "none" } } })).miss).toBeUndefined()
  const large: Partial<ModelInfo> = { cache: { kind: "marks", tokensMin: 20_000 } }
  expect((await between(async () => {}, { facts: large })).miss).toBeUndefined()
})

/** What is forecast after one answered request of 10,000 tokens. */
async function forecast(
  change: CacheChange,
  { facts = KEPT, idleMs = 0 }: { facts?: Partial<ModelInfo>; idleMs?: number } = {},
) {
  const clock = fakeClock()
  const { id, engine, say: ask, session } = await scene(scriptedModelWith(facts, read(0)), { tools, clock })
  await ask("one")
  await session.until("turn.ended")
  clock.advance(idleMs)
  const found = await engine.ask({ type: "cache.forecast", sessionId: id, change })
  await engine.close()
  return found
}

test("what a change makes the provider read anew is known before it is made, in tokens and money", async () => {
  const price = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 }
  const priced = { ...KEPT, price }
  const model = await forecast({ kind: "settings", model: "test/other" }, { facts: priced })
  expect(model?.tokens).toBeGreaterThan(9_999)
  expect(model?.microUsd).toBe(Math.round((model?.tokens ?? 0) * 2.5))
  expect(await forecast({ kind: "settings", effort: "high" }, { facts: priced })).toEqual(model)
  expect(await forecast({ kind: "tools" }, { facts: priced })).toEqual(model)
  const compaction = await forecast({ kind: "compaction" }, { facts: priced })
  expect(compaction?.tokens).not.toBe(model?.tokens)
})

test("nothing is forecast where nothing would be lost", async () => {
  expect(await forecast({ kind: "settings", model: "test/scripted" })).toBeUndefined()
  expect(await forecast({ kind: "tools" }, { idleMs: 300_001 })).toBeUndefined()
  expect(await forecast({ kind: "tools" }, { facts: {} })).toBeUndefined()
  const apart: Partial<ModelInfo> = { cache: { kind: "key" } }
  expect(await forecast({ kind: "settings", effort: "high" }, { facts: apart })).toBeUndefined()
})

test("a command that changes the model says what that costs", async () => {
  const { id, engine, say: ask, session } = await scene(scriptedModelWith(KEPT, read(0)), { tools })
  await ask("one")
  await session.until("turn.ended")
  const reply = await engine.ask({ type: "command.resolve", sessionId: id, name: "model", args: "test/other" })
  expect(reply.kind === "ops" ? reply.done : "").toMatch(
    /^The model is test\/other\. This breaks the cache: 10,0\d\d tokens are read anew, about \$0\.01\d\d\.$/,
  )
  await engine.close()
})

test("a turn's end says the model, the tokens and the money of all its requests", async () => {
  const { engine, say: ask, session } = await scene(scriptedModelWith(KEPT, read(4_000)), { tools })
  await ask("one")
  expect(await session.until("turn.ended")).toMatchObject({
    model: "test/scripted",
    usage: { input: 6_000, cacheRead: 4_000, output: 1 },
    microUsd: 10_010,
  })
  await engine.close()
})

test("what is written for an hour is counted, and costs what it does", async () => {
  const usage: ModelChunk = { type: "usage", usage: { input: 0, cacheWrite: 100, cacheWriteLong: 100, output: 0 } }
  const price = { input: 1, output: 10, cacheWrite: 1.25, cacheWriteLong: 2 }
  const model = scriptedModelWith({ price }, [[usage, { type: "stop", reason: "end" }]])
  const given = await scene(model)
  await given.say("one")
  expect(await given.session.until("step.ended")).toMatchObject({ usage: { cacheWriteLong: 100 }, microUsd: 200 })
})
