import { expect, test } from "bun:test"
import { type DurableEvent, type ModelInfo, SkeinError } from "@skein/protocol"
import {
  assertAcceptable,
  call,
  fail,
  type Scripted,
  say,
  scriptedModelWith,
  testTools,
  transcript,
} from "@skein/testkit"
import type { GatheredSection, Message } from "../src/ports/index.ts"
import { scene } from "./scene.ts"
import { withSummaries } from "./summaries.ts"

const exceeded = () => fail(new SkeinError("provider.context_exceeded", "prompt is too long"))
const big = "b".repeat(60_000)
const tools = testTools({ read: { run: () => big }, small: { run: () => "small" } })

/** A script in which the model reads large things, so many times. */
const reads = (count: number): Scripted[] => Array.from({ length: count }, (_, n) => call("read", { n }))

async function played(
  script: readonly Scripted[],
  facts: Partial<ModelInfo> = {},
  prompts: readonly string[] = ["go"],
) {
  const model = withSummaries({ contextTokens: undefined, ...facts }, script, Array(40).fill(say("the story so far")))
  const given = await scene(model, { tools })
  for (const prompt of prompts) {
    await given.say(prompt)
    await given.session.until("turn.ended")
  }
  const lines = transcript(given.session.events)
  await given.engine.close()
  for (const { messages } of model.requests) assertAcceptable(messages)
  return { model, lines, events: given.session.events }
}

function textOf(messages: readonly Message[] | undefined): string {
  return JSON.stringify(messages)
}

test("what stands before the conversation is recorded once, and again only when it changed", async () => {
  let text = "be brief"
  const section = (source: string, value: string): GatheredSection => ({
    ...{ source, text: value, sha256: `hash of ${value}`, bytes: value.length },
  })
  let day = 1
  const sources = {
    gather: async () => [section("agents_md", text), section("environment", `day ${day++}`)],
    touched: async () => [],
  }
  const model = scriptedModelWith({}, say("1"), say("2"), say("3"))
  const given = await scene(model, { sources })
  for (const now of ["be brief", "be brief", "be long"]) {
    text = now
    await given.say("go")
    await given.session.until("turn.ended")
  }

  const loaded = given.session.events.flatMap((event) => (event.type === "context.loaded" ? [event.cause] : []))
  expect(loaded).toEqual(["start", "changed"])
  expect(model.requests.map(({ system }) => system)).toEqual([
    ["be brief", "day 1"],
    ["be brief", "day 1"],
    ["be long", "day 3"],
  ])
})

test("instructions of a folder that is touched are placed once, where it was touched", async () => {
  const nested = { source: "agents_md", path: "/repo/a/AGENTS.md", text: "tabs", sha256: "h", bytes: 4 }
  const plain = testTools({ read: { run: ({ n }) => `read ${n}` } })
  const described = { ...plain, describe: () => ({ title: "read", kind: "read" as const, locations: ["/repo/a/x"] }) }
  const model = scriptedModelWith({}, call("read", { n: 1 }), call("read", { n: 2 }), say("done"))
  const sources = { gather: async () => [], touched: async () => [nested] }
  const given = await scene(model, { sources, tools: described })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(
    model.requests[1]?.messages.at(-1)?.content.map((block) => ("text" in block ? block.text : block.type)),
  ).toEqual(["result", "tabs"])
  expect(textOf(model.requests[2]?.messages).match(/tabs/g)).toHaveLength(1)
})

test("a file the model has seen that something else changed is told before the next step, and once", async () => {
  const asked: string[][] = []
  const note = (text: string) => ({ source: "changed_file", text, sha256: text, bytes: text.length })
  const sources = {
    gather: async () => [],
    touched: async () => [],
    changed: async (seen: readonly { readonly path: string; readonly sha256: string }[]) => {
      asked.push(seen.map(({ path, sha256 }) => `${path} ${sha256}`))
      return asked.length === 1 ? [] : [note("a is not as you saw it")]
    },
  }
  const seeing = testTools({
    look: {
      run: ({ path }) => ({
        forModel: [{ type: "text", text: "seen" }],
        observed: [{ path: String(path), sha256: "1" }],
      }),
    },
  })
  const model = scriptedModelWith(
    {},
    call("look", { path: "/a" }),
    call("look", { path: "/b" }),
    call("look", { path: "/a" }),
    say("done"),
  )
  const given = await scene(model, { sources, tools: seeing })
  await given.say("go")
  await given.session.until("turn.ended")

  // Before anything was seen nobody is asked; what was seen last stands last.
  expect(asked).toEqual([["/a 1"], ["/a 1", "/b 1"], ["/b 1", "/a 1"]])
  expect(model.requests.map(({ messages }) => textOf(messages).match(/not as you saw/g)?.length ?? 0)).toEqual([
    0, 0, 1, 1,
  ])
})

test("instructions of a touched folder that were let go are placed again when it is touched again", async () => {
  const nested = { source: "agents_md", path: "/repo/a/AGENTS.md", text: "tabs ".repeat(20_000), sha256: "h", bytes: 1 }
  const described = { ...tools, describe: () => ({ title: "read", kind: "read" as const, locations: ["/repo/a/x"] }) }
  const script = [call("small", { n: 1 }), exceeded(), call("small", { n: 2 }), say("done")]
  const model = withSummaries({ contextTokens: undefined }, script, [say("the story so far")])
  const sources = { gather: async () => [], touched: async () => [nested] }
  const given = await scene(model, { sources, tools: described })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toContain("context.compacted reactive")
  expect(model.requests.map(({ messages }) => textOf(messages).includes("tabs tabs"))).toEqual([
    false,
    true,
    false,
    true,
  ])
  const { sections, inline } = await given.engine.ask({ type: "context.report", sessionId: given.id })
  expect([sections, inline.flatMap(({ path }) => path ?? [])]).toEqual([[], ["/repo/a/AGENTS.md"]])
})

test("too long a context in the middle of a turn is let go with one line of notice, and the turn succeeds", async () => {
  const { model, lines } = await played([...reads(4), exceeded(), say("done")])

  expect(lines).toContain(
    "step.discarded 5.1 provider.context_exceeded\ncontext.compacted micro\nnotice.posted info\nstep.started 5.2",
  )
  expect(lines.match(/notice.posted/g)).toHaveLength(1)
  expect(lines).toEndWith("turn.ended completed")
  const sent = textOf(model.requests.at(-1)?.messages)
  expect(sent.match(/output left out/g)).toHaveLength(2)
  expect(sent.split(big)).toHaveLength(3)
})

test("when that was not enough, all but the person's words and the newest part is let go", async () => {
  const { model, lines } = await played([...reads(4), exceeded(), exceeded(), say("done")], {}, ["mind the é"])

  expect(lines.match(/context.compacted .*/g)).toEqual(["context.compacted micro", "context.compacted reactive"])
  expect(lines).toEndWith("turn.ended completed")
  const [message, ...more] = model.requests.at(-1)?.messages ?? []
  expect(more).toEqual([])
  expect(textOf(message === undefined ? [] : [message])).toContain("[message 1]\\nmind the é")
})

test("a first prompt that is too long is shortened in its middle, not refused for ever", async () => {
  const prompt = `begin ${"x".repeat(400_000)} end`
  const { model, lines } = await played([exceeded(), say("done"), say("again")], {}, [prompt, "and now?"])

  expect(lines.match(/turn.ended completed/g)).toHaveLength(2)
  const sent = textOf(model.requests[1]?.messages)
  expect(sent.length).toBeLessThan(20_000)
  for (const part of ["begin", "end", "characters left out"]) expect(sent).toContain(part)
})

test("what cannot be let go is one failure, and not an endless one", async () => {
  const { lines, model } = await played([exceeded()], {}, ["short"])
  expect(lines).toEndWith("step.discarded 1.1 provider.context_exceeded\nturn.ended failed provider.context_exceeded")
  expect(model.requests).toHaveLength(1)

  const stubborn = await played([...reads(4), ...Array.from({ length: 9 }, exceeded)])
  expect(stubborn.lines).toEndWith("turn.ended failed provider.context_exceeded")
  expect(stubborn.lines.match(/step.discarded/g)?.length).toBeLessThanOrEqual(4)
})

test("a session that is let go of again and again does not grow, and every word of the person stays", async () => {
  const turns = 12
  const prompts = Array.from({ length: turns }, (_, n) => `prompt number ${n}.`)
  const script = prompts.flatMap(() => [...reads(3), exceeded(), exceeded(), say("done")])
  const { model, lines } = await played(script, {}, prompts)

  expect(lines.match(/turn.ended completed/g)).toHaveLength(turns)
  const sent = textOf(model.requests.at(-1)?.messages)
  for (const prompt of prompts) expect(sent).toContain(prompt)
  expect(sent.length).toBeLessThan(40_000)
})

test("a window that is known is cleared before it is full, once for many steps", async () => {
  const { lines, model } = await played([...reads(30), say("done")], { contextTokens: 200_000 })

  expect(lines).toEndWith("turn.ended completed")
  const compactions = lines.match(/context.compacted/g)?.length ?? 0
  expect(compactions).toBeGreaterThan(1)
  expect(compactions).toBeLessThan(10)
  for (const { messages } of model.requests) expect(textOf(messages).length / 4).toBeLessThan(168_000)
})

test("one number decides meter, threshold and room: the model's own, and none where it is not known", async () => {
  const meter = async (facts: Partial<ModelInfo>) => {
    const { events, lines } = await played([...reads(3), say("done")], facts)
    const told = events.findLast((event) => event.type === "usage.updated")
    return [told?.contextTokensMax, lines.includes("context.compacted")]
  }
  expect(await meter({ contextTokens: 200_000 })).toEqual([190_000, false])
  expect(await meter({ contextTokens: 40_000, outputTokensMax: 4_000 })).toEqual([36_000, true])
  expect(await meter({ contextTokens: undefined })).toEqual([undefined, false])
})

test("nothing is let go when what fills the window cannot be", async () => {
  const given = await scene(
    scriptedModelWith({ contextTokens: 10_000 }, call("small", {}), call("small", { n: 2 }), say("done")),
    {
      tools,
      sources: {
        gather: async () => [{ source: "agents_md", text: "x".repeat(36_000), sha256: "h", bytes: 36_000 }],
        touched: async () => [],
      },
    },
  )
  await given.say("go")
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).not.toContain("context.compacted")
})

test("a refused request is tried once without its images, and the person is told", async () => {
  const refused = () => fail(new SkeinError("provider.invalid_request", "image too large"))
  const model = scriptedModelWith({}, refused(), say("no picture then"), refused())
  const given = await scene(model)
  const input = [
    { type: "text", text: "what is this?" },
    { type: "image", mediaType: "image/png", data: "aGk=" },
  ] as const
  await given.op({ type: "turn.submit", input, delivery: "start" })
  await given.session.until("turn.ended")
  await given.say("and in words?")
  await given.session.until("turn.ended")

  expect(textOf(model.requests[1]?.messages)).toContain("an image was here")
  expect(textOf(model.requests[1]?.messages)).not.toContain("aGk=")
  expect(transcript(given.session.events).match(/turn.ended .*/g)).toEqual([
    "turn.ended completed",
    "turn.ended failed provider.invalid_request",
  ])
  expect(model.requests).toHaveLength(3)
})

test("the schema of the answer goes with every request of the session", async () => {
  const outputSchema = { name: "answer", schema: { type: "object" } }
  const model = scriptedModelWith({}, call("small", {}), say("{}"))
  const given = await scene(model, { tools }, { outputSchema })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(model.requests.map((request) => request.outputSchema)).toEqual([outputSchema, outputSchema])
})

test("only the tools that the settings name are offered, and counted", async () => {
  const model = scriptedModelWith({}, say("done"))
  const given = await scene(model, { tools }, { tools: ["small"] })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(["small"])
  const all = await scene(scriptedModelWith({}, say("done")), { tools })
  const report = async (of: typeof given) => of.engine.ask({ type: "context.report", sessionId: of.id })
  expect((await report(given)).toolTokens).toBeLessThan((await report(all)).toolTokens)
})

test("the log keeps everything that was let go", async () => {
  const { events } = await played([...reads(4), exceeded(), exceeded(), say("done")])
  const results = events.filter(
    (event): event is Extract<DurableEvent, { type: "call.settled" }> => event.type === "call.settled",
  )
  expect(results.every(({ forModel }) => forModel[0]?.type === "text" && forModel[0].text === big)).toBe(true)
})
