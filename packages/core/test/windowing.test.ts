import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { assertAcceptable, call, fail, type Scripted, say, testTools } from "@skein/testkit"
import { buildMessages, DEFAULT_LIMITS, fold } from "../src/index.ts"
import { compactNow } from "../src/turn/compact.ts"
import { desk, talked } from "./desk.ts"
import { frozen } from "./invariants.ts"
import { withSummaries } from "./summaries.ts"

const large = { run: () => `held ${"r".repeat(12_000)}` }
const tools = testTools({ look: large, run: large })
const facts = { contextTokens: 40_000, outputTokensMax: 4_000 }
const turns = (tool: string, count: number): Scripted[] =>
  Array.from({ length: count }, (_, n) => [
    call(tool, { n: `${tool}${n}` }),
    call(tool, { n: -n }),
    say(`${tool} says ${n}.`),
  ]).flat()
const PROMPTS = ["Look at it. Slowly.", "look again", "now run", "run more", "run on"]

const played = (windowing: boolean) =>
  talked(PROMPTS, withSummaries(facts, [...turns("look", 2), ...turns("run", 3)], [say("sum")]), {
    ...{ tools, limits: { ...DEFAULT_LIMITS, windowing } },
  })

test("with windowing, older turns become one line a group, and the person's words stay", async () => {
  const log = await played(true)
  const event = log.find((event) => event.type === "context.compacted")
  expect(event).toMatchObject({ kind: "micro", elided: [], gists: [{ turnIds: ["trn_1", "trn_2"] }] })
  const sent = JSON.stringify(buildMessages(fold(log).items))
  expect(sent).toContain("[group 1: Look at it. → look says 1. (2 turns, 0 files)]")
  for (const prompt of PROMPTS) expect(sent).toContain(prompt)
  expect(sent).not.toContain("look0")
  assertAcceptable([...buildMessages(fold(log).items), { role: "user", content: [{ type: "text", text: "on" }] }])
})

test("what is left of older turns is in what the model sums up, and in a summary by rule", async () => {
  const log = await played(true)
  const model = withSummaries(facts, [], [fail(new SkeinError("provider.refused", "no"))])
  const at = desk(log, model, { tools })
  await compactNow(at.state, {}, at.ports)
  const gist = "[group 1: Look at it. → look says 1. (2 turns, 0 files)]"
  expect(JSON.stringify(model.summaryRequests[0]?.messages)).toContain(gist)
  expect(at.emitted("context.compacted").at(-1)).toMatchObject({ by: "rule", summary: expect.stringContaining(gist) })
})

test("without it no turn does", async () => {
  const made = (await played(false)).filter((event) => event.type === "context.compacted")
  expect(made.every((event) => event.gists === undefined)).toBe(true)
  expect(made.length).toBeGreaterThan(0)
})

test("the fold in parts is the fold at once, and who shows the whole session still has the turns", async () => {
  const log = await played(true)
  const state = fold(log.slice(0, 12))
  const at = desk(log.slice(0, 12), withSummaries(facts, [], []), { tools })
  await at.ports.emit(log.slice(12))
  expect(frozen(at.state).replaceAll(/evt_\w+/g, "")).toBe(frozen(fold(log)).replaceAll(/evt_\w+/g, ""))
  expect(state.items.length).toBeGreaterThan(0)
  const places = at.state.items.flatMap((item, place) =>
    item.kind === "tool_call" ? [[item.callId, place] as const] : [],
  )
  expect(at.state.callAt).toEqual(new Map(places))
  const shown = fold(log, { keepsPast: true })
  expect(JSON.stringify(shown.items)).toContain("look0")
})

test("instructions of folders still in use stand after a summary as they now are", async () => {
  let text = "tabs"
  const nested = () => ({ source: "agents_md", path: "/repo/a/AGENTS.md", text, sha256: text, bytes: text.length })
  const sources = { gather: async () => [], touched: async () => [nested()] }
  const described = { ...tools, describe: () => ({ title: "look", kind: "read" as const, locations: ["/repo/a/x"] }) }
  const log = await talked(["go"], withSummaries(facts, [call("look", {}), say("done")], []), {
    tools: described,
    sources,
  })
  text = "spaces"
  const at = desk(log, withSummaries(facts, [], [say("sum")]), { tools: described, sources })
  await compactNow(at.state, {}, at.ports)

  const sent = JSON.stringify(buildMessages(at.state.items))
  expect([sent.includes('"spaces"'), sent.includes('"tabs"')]).toEqual([true, false])
})
