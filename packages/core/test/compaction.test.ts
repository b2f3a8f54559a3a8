import { expect, test } from "bun:test"
import { type DurableEvent, SkeinError } from "@skein/protocol"
import { assertAcceptable, call, fail, type Scripted, say, testTools } from "@skein/testkit"
import { buildRequest } from "../src/context/request.ts"
import { contextSize } from "../src/context/size.ts"
import type { GatheredSection, Message, SourcesPort } from "../src/ports/index.ts"
import { compactNow } from "../src/turn/compact.ts"
import { previewCompaction } from "../src/turn/preview.ts"
import { continued, type Desk, desk, talked, then } from "./desk.ts"
import { isSummary, withSummaries } from "./summaries.ts"

const tools = testTools({ read: { run: ({ n }) => `result ${n} ${"r".repeat(4_000)}` } })
const section = (text: string): GatheredSection => ({
  ...{ source: "agents_md", path: "/repo/AGENTS.md", text, sha256: `hash of ${text}`, bytes: text.length },
})
const sourcesOf = (text: () => string): SourcesPort => ({
  gather: async () => [section(text())],
  touched: async () => [],
})
const textOf = (messages: readonly Message[] | undefined) => JSON.stringify(messages)
const reads = (count: number): Scripted[] => Array.from({ length: count }, (_, n) => call("read", { n }))
const exceeded = () => fail(new SkeinError("provider.context_exceeded", "prompt is too long"))

const PROMPTS = ['use tabs, never spaces: "é"\n\tlike this', "no, I meant the second file", "  and never push\n"]

/** A session of three prompts and two calls each, ready to be summed up. */
async function worked(): Promise<DurableEvent[]> {
  const script = PROMPTS.flatMap((_, turn) => [
    call("read", { n: turn }),
    call("read", { n: turn }),
    say(`answer ${turn}`),
  ])
  return talked(PROMPTS, withSummaries({}, script, []), { tools, sources: sourcesOf(() => "rules as they were") })
}

async function compacted(summaries: readonly Scripted[], log: readonly DurableEvent[], keep?: string) {
  const model = withSummaries({}, [], summaries)
  const at = desk(log, model, { tools, sources: sourcesOf(() => "rules as they are now") })
  await compactNow(at.state, { keep }, at.ports)
  return { ...at, model }
}

const compactions = (at: Pick<Desk, "emitted">) => at.emitted("context.compacted")
const notices = (at: Pick<Desk, "emitted">) => at.emitted("notice.posted").map(({ text }) => text)

test("after a forced compaction the next request has every word of the person, the rules of now, plan, list and goal", async () => {
  let log: readonly DurableEvent[] = await worked()
  log = then(log, { type: "goal.changed", goal: "ship the parser" })
  log = then(log, { type: "plan.changed", plan: "first the lexer" })
  log = then(log, { type: "todo.changed", todos: [{ text: "write the lexer", status: "in_progress" }] })
  const { log: after } = await compacted([say("what was done")], log)

  const next = withSummaries({}, [say("ok")], [])
  await continued(after, ["go on"], next, { tools, sources: sourcesOf(() => "rules changed once more") })

  const [request] = next.requests
  expect(request?.system).toEqual(["rules changed once more"])
  expect(request?.messages).toHaveLength(1)
  const sent = textOf(request?.messages)
  for (const prompt of PROMPTS) expect(sent).toContain(JSON.stringify(prompt).slice(1, -1))
  for (const part of [
    "what was done",
    "ship the parser",
    "first the lexer",
    "- [in progress] write the lexer",
    "go on",
  ])
    expect(sent).toContain(part)
  for (const gone of ["answer 0", "answer 2"]) expect(sent).not.toContain(gone)
  assertAcceptable(request?.messages ?? [])
})

test("what stands before the conversation is read anew with the summary", async () => {
  const at = await compacted([say("sum")], await worked())
  expect(buildRequest(at.state, at.ports.tools).system).toEqual(["rules as they are now"])
  // What the summary replaced is in the log and no longer in memory.
  expect(at.state.items.map(({ kind }) => kind)).toEqual(["compaction", "context", "notice"])
})

test("a notice and a compaction are known by their events, to who reads them and to who follows", async () => {
  const at = await compacted([say("sum")], await worked())
  const ids = at.state.items.flatMap((item) => ("eventId" in item ? [item.eventId] : []))
  expect(ids).toEqual([...compactions(at), ...at.emitted("notice.posted")].map(({ id }) => id))
  expect(ids).toHaveLength(2)
})

test("the summary is one plain request: no tools, bounded, only words, with the wish of the person", async () => {
  let log: readonly DurableEvent[] = await worked()
  log = then(log, {
    type: "turn.started",
    turnId: "trn_i",
    inputId: "inp_i",
    source: "user",
    input: [
      { type: "text", text: "look" },
      { type: "image", mediaType: "image/png", data: "aGk=" },
    ],
  })
  const item = {
    type: "item.completed",
    turnId: "trn_i",
    step: 1,
    itemId: "itm_i",
    index: 0,
    status: "complete",
  } as const
  const providerData = { wire: "w", provider: "p", model: "m", data: "sealed" }
  log = then(log, { ...item, kind: "reasoning", text: "secret thought", providerData })
  log = then(log, { type: "turn.ended", turnId: "trn_i", outcome: { kind: "completed" } })
  const { model } = await compacted([say("sum")], log, "the names of the tests")

  const [request] = model.summaryRequests
  expect([request?.tools, request?.outputTokensMax, request?.effort]).toEqual([[], 4_096, "none"])
  expect(request?.system.join()).toContain("The person asks to keep above all: the names of the tests")
  const sent = textOf(request?.messages)
  for (const part of ["answer 1", "result 2", "[an image was here", "no, I meant"]) expect(sent).toContain(part)
  for (const gone of ["aGk=", "secret thought", "sealed"]) expect(sent).not.toContain(gone)
  assertAcceptable(request?.messages ?? [])
})

test("its tokens and its price are in the log and in the session's total", async () => {
  const log = await worked()
  const at = await compacted([say("sum")], log)
  expect(at.emitted("usage.recorded")).toMatchObject([
    { purpose: "summary", model: "test/scripted", usage: { input: 100, output: 10 }, microUsd: 200 },
  ])
  expect(at.state.usage.input).toBe(100 * 10)
})

test("the receipt names every input, and the notice says how many were kept", async () => {
  const at = await compacted([say("sum")], await worked())
  const [event] = compactions(at)
  expect([event?.kind, event?.by, event?.receipt?.kept.length, event?.receipt?.shortened]).toEqual([
    "forced",
    "model",
    3,
    [],
  ])
  expect(notices(at).join()).toContain("Kept 3 of 3 of your messages.")
})

test("an earlier summary is kept word for word, and not summed up again", async () => {
  const first = await compacted([say("the first summary")], await worked())
  const script = [call("read", { n: 9 }), say("later answer")]
  const model = withSummaries({}, script, [])
  const going = await continued(first.log, ["later"], model, { tools })
  const second = await compacted([say("the second summary")], going)

  expect(textOf(second.model.summaryRequests[0]?.messages)).not.toContain("the first summary")
  expect(textOf(second.model.summaryRequests[0]?.messages)).toContain("later answer")
  expect(compactions(second).at(-1)?.summary).toBe("the first summary\n\n---\n\nthe second summary")
  const sent = textOf(buildRequest(second.state, tools).messages)
  for (const prompt of [...PROMPTS, "later"]) expect(sent).toContain(JSON.stringify(prompt).slice(1, -1))
})

const BROKEN: readonly (readonly [why: string, reply: Scripted])[] = [
  ["its reply was empty", say(" ")],
  [
    "it declined",
    [
      [
        { type: "text", index: 0, text: "no" },
        { type: "stop", reason: "refusal" },
      ],
    ],
  ],
  [
    "its reply was cut off at its limit",
    [
      [
        { type: "text", index: 0, text: "half" },
        { type: "stop", reason: "length" },
      ],
    ],
  ],
  ["its reply ended in the middle", [[{ type: "text", index: 0, text: "half" }]]],
  ["Busy.", fail(new SkeinError("provider.overloaded", "Busy."), "half")],
]

for (const [why, reply] of BROKEN) {
  test(`when the model cannot write it (${why}) the summary is made by rule, and that is said`, async () => {
    const at = await compacted(Array(3).fill(reply), await worked())
    const [event] = compactions(at)
    expect([event?.by, event?.failure]).toEqual(["rule", why])
    expect(notices(at).filter((text) => text.includes(why))).toHaveLength(1)
    expect(at.state.compaction.failures).toBe(1)
    const sent = textOf(buildRequest(at.state, tools).messages)
    for (const part of ["answer 2", "result 2", ...PROMPTS.map((prompt) => JSON.stringify(prompt).slice(1, -1))])
      expect(sent).toContain(part)
  })
}

test("in the middle of a turn the newest calls stand after the summary as they were, and the work goes on", async () => {
  const model = withSummaries(
    { contextTokens: undefined },
    [...reads(3), exceeded(), exceeded(), say("done")],
    [say("sum")],
  )
  await talked(["go"], model, { tools })
  const sent = textOf(model.requests.at(-1)?.messages)
  for (const part of [
    "sum",
    "[message 1]\\ngo",
    'You called read {\\"n\\":2}, result:\\nresult 2',
    "do not begin again",
  ])
    expect(sent).toContain(part)
  expect(sent).not.toContain("result 1")
})

test("a refusal that passes is tried again before a rule makes the summary", async () => {
  const busy = fail(new SkeinError("provider.overloaded", "Busy."))
  const at = await compacted([busy, busy, say("sum")], await worked())
  expect(compactions(at).map(({ by, failure, summary }) => [by, failure, summary])).toEqual([
    ["model", undefined, "sum"],
  ])
})

test("there is nothing to sum up at the start, nor directly after a summary", async () => {
  const at = await compacted([say("sum")], await worked())
  const again = compactNow(at.state, {}, at.ports)
  expect(await again.catch((error) => [error.code, error.message])).toEqual([
    "context.nothing_to_compact",
    expect.stringContaining("nothing to sum up"),
  ])
  expect(compactions(at)).toHaveLength(1)
})

test("an interrupt while the summary is written leaves the transcript as it was", async () => {
  const log = await worked()
  const held = Promise.withResolvers<void>()
  const model = withSummaries({}, [], [[[{ type: "text", index: 0, text: "half" }], held.promise]])
  const at = desk(log, model, { tools })
  const before = JSON.stringify(at.state.items)
  const compacting = compactNow(at.state, {}, at.ports)
  await Bun.sleep(0)
  at.stop()

  expect(await compacting).toBe(false)
  expect(JSON.stringify(at.state.items)).toBe(before)
  expect(compactions(at)).toEqual([])
})

test("after three failures in a row the model is asked no more, until a forced one succeeds", async () => {
  const busy = () => fail(new SkeinError("provider.auth", "Busy."))
  const full = (count: number) => Array.from({ length: count }, () => [...reads(2), exceeded(), say("done")]).flat()
  const model = withSummaries({ contextTokens: undefined }, full(5), [busy(), busy(), busy()])
  const log = await talked(["1", "2", "3", "4", "5"], model, { tools })

  const made = log.flatMap((event) =>
    event.type === "context.compacted" && event.summary !== undefined ? [event] : [],
  )
  expect(model.summaryRequests).toHaveLength(3)
  expect(made.slice(0, 3).map(({ failure }) => failure)).toEqual(["Busy.", "Busy.", "Busy."])
  expect(made.slice(3).every(({ by, failure }) => by === "rule" && failure === undefined)).toBe(true)
  expect(made.length).toBeGreaterThan(4)

  const at = await compacted([say("by the model again")], log)
  expect([compactions(at).at(-1)?.by, at.state.compaction.failures]).toEqual(["model", 0])
})

test("from seven tenths on older results go, from eight tenths on a summary comes, and the threshold is shown", async () => {
  const facts = { contextTokens: 40_000, outputTokensMax: 4_000 }
  const counted = (tokens: number): Scripted => [
    [
      ...([
        { type: "call", index: 0, name: "read" },
        { type: "arguments", index: 0, text: `{"n":${tokens}}` },
      ] as const),
      ...([
        { type: "item_end", index: 0 },
        { type: "usage", usage: { input: tokens, output: 10 } },
      ] as const),
      { type: "stop", reason: "calls" },
    ],
  ]
  const kinds = async (sizes: readonly number[], read = 14_000) => {
    const large = testTools({ read: { run: () => "r".repeat(read) } })
    const model = withSummaries(facts, [...sizes.map(counted), say("done")], [say("sum")])
    const log = await talked(["go"], model, { tools: large })
    return { log, kinds: log.flatMap((event) => (event.type === "context.compacted" ? [event.kind] : [])) }
  }
  const small = [2_000, 8_000, 14_000, 20_000]
  expect((await kinds([...small, 22_000])).kinds).toEqual([])
  expect((await kinds([...small, 24_000])).kinds).toEqual(["micro"])
  expect((await kinds([2_000, 17_000], 60_000)).kinds).toEqual(["auto"])

  const { log } = await kinds(small)
  const at = desk(log, withSummaries(facts, [], []), { tools })
  const { triggerTokens, contextTokensMax } = previewCompaction(at.state, at.ports)
  // The first request was 2,000 of 36,000 tokens: eight tenths of what can fill up beyond them.
  expect([contextTokensMax, triggerTokens]).toEqual([36_000, 2_000 + 27_200])
  const unknown = desk(log, withSummaries({ contextTokens: undefined }, [], []), { tools })
  expect(previewCompaction(unknown.state, unknown.ports).triggerTokens).toBeUndefined()
})

test("two compactions never follow each other before a step has ended", async () => {
  const facts = { contextTokens: 12_000, outputTokensMax: 3_000 }
  const script = Array.from({ length: 8 }, () => [...reads(6), say("done")]).flat()
  const model = withSummaries(facts, script, Array(40).fill(say("s".repeat(6_000))))
  const log = await talked(
    Array.from({ length: 8 }, (_, n) => `prompt ${n} ${"w".repeat(2_000)}`),
    model,
    { tools },
  )

  const telling = log.flatMap(({ type }) => (type === "context.compacted" || type === "step.ended" ? [type] : []))
  expect(telling.filter((type) => type === "context.compacted").length).toBeGreaterThan(3)
  expect(telling.some((type, at) => type === "context.compacted" && telling[at + 1] === type)).toBe(false)
})

for (const [where, refusal] of [
  ["before the reply", exceeded()],
  ["in the middle of the reply", fail(new SkeinError("provider.context_exceeded", "too long"), "half an ")],
] as const) {
  test(`too long a context, refused ${where} and at any turn, ends in an answer and one line a compaction`, async () => {
    for (let turn = 0; turn < 4; turn++) {
      const script = Array.from({ length: 4 }, (_, at) =>
        at === turn ? [...reads(4), refusal, refusal, say("done")] : [...reads(2), say("done")],
      )
      const model = withSummaries({ contextTokens: undefined }, script.flat(), [say("sum")])
      const log = await talked(["a", "b", "c", "d"], model, { tools })
      const ends = log.flatMap((event) => (event.type === "turn.ended" ? [event.outcome.kind] : []))
      expect({ turn, ends }).toEqual({ turn, ends: Array(4).fill("completed") })
      const told = log.filter((event) => event.type === "notice.posted")
      expect(told).toHaveLength(log.filter((event) => event.type === "context.compacted").length)
    }
  })
}

test("whatever a provider's hidden window, a session goes on: what does not fit is cut until it does", async () => {
  for (const charsMax of [6_000, 12_000, 30_000, 90_000]) {
    for (const contextTokens of [undefined, charsMax]) {
      const model = withSummaries({ contextTokens }, [], [])
      let asked = 0
      const stream: typeof model.stream = async function* (request) {
        const isTooLong = JSON.stringify(request.messages).length > charsMax
        if (isTooLong) throw new SkeinError("provider.context_exceeded", "too long")
        if (!isSummary(request)) asked += 1
        const reply = isSummary(request)
          ? say("sum")
          : asked % 6 === 0
            ? say("a".repeat(800))
            : call("read", { n: asked })
        for (const burst of reply) if (Array.isArray(burst)) yield burst
      }
      const prompts = Array.from({ length: 8 }, (_, n) => `prompt ${n} ${"long ".repeat(n * 300)}`)
      const log = await talked(prompts, { ...model, stream }, { tools })
      const ends = log.flatMap((event) => (event.type === "turn.ended" ? [event.outcome.kind] : []))
      expect({ charsMax, contextTokens, ends }).toEqual({ charsMax, contextTokens, ends: Array(8).fill("completed") })
    }
  }
})

test("where a provider counts several tokens for one that is estimated, room is still made before it refuses", async () => {
  const contextTokens = 40_000
  const model = withSummaries({ contextTokens, outputTokensMax: 4_000 }, [], [])
  let asked = 0
  let refused = 0
  const stream: typeof model.stream = async function* (request) {
    const counted = JSON.stringify(request.messages).length
    if (counted > contextTokens) refused += 1
    if (counted > contextTokens) throw new SkeinError("provider.context_exceeded", "too long")
    if (!isSummary(request)) asked += 1
    const reply = isSummary(request)
      ? say("s".repeat(8_000))
      : asked % 9 === 0
        ? say("done")
        : call("read", { n: asked })
    const usage = { type: "usage", usage: { input: counted, output: 1 } } as const
    for (const burst of reply) {
      if (Array.isArray(burst)) yield burst.map((chunk) => (chunk.type === "usage" ? usage : chunk))
    }
  }
  const small = testTools({ read: { run: ({ n }) => `result ${n} ${"r".repeat(1_500)}` } })
  const log = await talked(
    Array.from({ length: 12 }, (_, n) => `prompt ${n} ${"w".repeat(3_000)}`),
    { ...model, stream },
    { tools: small },
  )

  const kinds = log.flatMap((event) => (event.type === "context.compacted" ? [event.kind] : []))
  expect([refused, kinds.includes("reactive"), kinds.length > 3]).toEqual([0, false, true])
})

test("a long session's size costs what came since the newest step, not all of it", async () => {
  let estimated = 0
  const tokens = {
    estimate(text: string) {
      estimated += 1
      return Math.ceil(text.length / 4)
    },
  }
  const counts: number[] = []
  const spy = testTools({
    read: {
      run: () => {
        counts.push(estimated)
        return "small"
      },
    },
  })
  await talked(["go"], withSummaries({ contextTokens: 1_000_000 }, [...reads(60), say("done")], []), {
    tools: spy,
    tokens,
  })
  const [early = 0, late = 0] = [10, 50].map((at) => (counts[at + 5] ?? 0) - (counts[at] ?? 0))
  expect(late).toBeLessThanOrEqual(early)

  const at = desk(await worked(), withSummaries({}, [], []), { tools })
  const whole = contextSize(at.state, at.ports).contextTokens
  at.state.compaction.counted = undefined
  expect(Math.abs(whole - contextSize(at.state, at.ports).contextTokens)).toBeLessThan(200)
})
