import { expect, test } from "bun:test"
import { call, say, submit, testTools } from "@skein/testkit"
import { scene } from "./scene.ts"
import { withSummaries } from "./summaries.ts"

const tools = testTools({ read: { run: () => `read ${"r".repeat(4_000)}` } })

async function worked(summaries: Parameters<typeof withSummaries>[2]) {
  let rules = "rules as they were"
  const gather = async () => [
    { source: "agents_md", path: "/repo/AGENTS.md", text: rules, sha256: rules, bytes: rules.length },
  ]
  const model = withSummaries({}, [call("read", {}), say("read it"), say("ok")], summaries)
  const given = await scene(model, { tools, sources: { gather, touched: async () => [] } })
  await given.say("mind the é, and never push")
  await given.session.until("turn.ended")
  await given.op({ type: "goal.change", goal: "ship it" })
  const change = (text: string) => {
    rules = text
  }
  return { ...given, model, change }
}

test("a client sees what a compaction would do, asks for it, and the next request is as it said", async () => {
  const given = await worked([say("what was done")])
  const { id, engine, model } = given
  const preview = await engine.ask({ type: "compaction.preview", sessionId: id })
  expect(preview).toMatchObject({ inputs: 1, inputsKept: 1, contextTokensMax: 90_000 })
  expect(preview.kept.join("\n")).toContain("Your messages, word for word")
  expect(preview.dropped.join("\n")).toContain("Calls with their results: 1")
  expect(given.session.events.filter(({ type }) => type === "context.compacted")).toEqual([])

  given.change("rules of now")
  await given.op({ type: "context.compact", keep: "the é" })
  const done = await given.session.until("context.compacted")
  expect(done).toMatchObject({ kind: "forced", by: "model", receipt: { shortened: [] } })
  expect(Math.abs(done.tokensAfter - preview.tokensAfter)).toBeLessThan(5_000)

  await given.say("and now?")
  await given.session.until("turn.ended")
  const request = model.requests.at(-1)
  expect(request?.system).toEqual(["rules of now"])
  const sent = JSON.stringify(request?.messages)
  for (const part of ["what was done", "mind the é, and never push", "ship it", "and now?"])
    expect(sent).toContain(part)
  expect(sent).not.toContain("rrrr")

  const { conversation, cache } = await engine.ask({ type: "context.report", sessionId: id })
  expect(conversation?.map(({ source }) => source).toSorted()).toEqual(["answers", "goal", "person", "summary"])
  expect(cache?.breaks?.map(({ cause }) => cause)).toEqual(["system", "compaction"])
  await engine.close()
})

test("an interrupt stops a compaction that was asked for, and the conversation is as it was", async () => {
  const begun = Promise.withResolvers<void>()
  const forever = new Promise<never>(() => begun.resolve())
  const given = await worked([[forever]])
  const compacting = submit(given.engine, { type: "context.compact", sessionId: given.id })
  await begun.promise
  await submit(given.engine, { type: "turn.interrupt", sessionId: given.id })
  await compacting.catch(() => undefined)

  expect(given.session.events.filter(({ type }) => type === "context.compacted")).toEqual([])
  await given.say("and now?")
  await given.session.until("turn.ended")
  expect(JSON.stringify(given.model.requests.at(-1)?.messages)).toContain("read it")
  await given.engine.close()
})

test("the end of a turn keeps its place among the items, whatever a compaction let go", async () => {
  const given = await worked([say("what was done")])
  await given.op({ type: "context.compact" })
  await given.session.until("context.compacted")
  await given.say("and now?")
  await given.session.until("turn.ended")
  const { items, turns = [] } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(turns.map(({ end, itemsTo }) => [end?.outcome.kind, items[itemsTo - 1]])).toMatchObject([
    ["completed", { kind: "agent_message", text: "read it" }],
    ["completed", { kind: "agent_message", text: "ok" }],
  ])
  await given.engine.close()
})

test("a prompt of the session's own stands for ours when it is summed up, and what the person wants kept is told beside it", async () => {
  const given = await worked([say("what was done")])
  await given.op({ type: "settings.change", changes: { compactPrompt: "List every port number." } })
  await given.op({ type: "context.compact", keep: "the é" })
  await given.session.until("context.compacted")
  const asked = given.model.requests.at(-1)?.system.join("\n")
  expect(asked).toContain("List every port number.")
  expect(asked).toContain("keep above all: the é")
  expect(asked).not.toContain("Write these sections")
  expect((await given.engine.ask({ type: "session.read", sessionId: given.id })).settings.compactPrompt).toBe(
    "List every port number.",
  )
  await given.engine.close()
})

test("a compaction is known by the op that asked for it", async () => {
  const given = await worked([say("what was done")])
  await given.engine.submit({ type: "context.compact", sessionId: given.id, opId: "op_mine" })
  const view = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(view.items.filter(({ kind }) => kind === "compaction")).toMatchObject([{ opId: "op_mine" }])
})
