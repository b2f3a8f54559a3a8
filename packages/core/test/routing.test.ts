import { expect, test } from "bun:test"
import type { Optimize, Routing, Tier } from "@skein/protocol"
import {
  call,
  fakeClock,
  memoryCatalogue,
  memoryLogs,
  type Scripted,
  type ScriptedModel,
  say,
  scriptedModel,
  testTools,
} from "@skein/testkit"
import { chosen, type Offer } from "../src/routing/choose.ts"
import { COMPLEXITIES, judge } from "../src/routing/judge.ts"
import { forever, scene } from "./scene.ts"

test("a prompt is judged by what it says first, then by its length; words to go on are no prompt of their own", () => {
  const judged = (prompt: string) => {
    const { work, complexity } = judge(prompt)
    return `${complexity} ${work}`
  }
  expect(judged("what is a monad?")).toBe("trivial read")
  expect(judged("where is the config loaded?")).toBe("trivial search")
  expect(judged("fix the login")).toBe("moderate debug")
  expect(judged("just fix the typo in the README")).toBe("simple debug")
  expect(judged("add a --json flag to the list verb and document it in the manual")).toBe("moderate create")
  expect(judged("find the deadlock")).toBe("complex search")
  expect(judged("migrate the store to SQLite")).toBe("complex edit")
  expect(judged("prove this lock-free queue correct")).toBe("expert edit")
  expect(judged("compare these two libraries for parsing TOML, and tell me which we should take and why")).toBe(
    "moderate research",
  )
  expect(judged(`tidy ${"this ".repeat(1_000)}`)).toBe("complex edit")
  for (const word of ["go on", "Yes, do it.".replace(", do it", ""), "ok", "continue!", "weiter", "and the other one"])
    expect(judged(word)).toBe("moderate continue")
})

const OFFERS: readonly Offer[] = [
  { tier: "rush", model: "p/rush", microUsd: 10, turnMs: 900 },
  { tier: "smart", model: "p/smart", microUsd: 100, turnMs: 500 },
  { tier: "deep", model: "p/deep", effort: "high", microUsd: 1_000, turnMs: undefined },
]

/** The tiers of a trivial, simple, moderate, complex and expert prompt. */
const tiers = (optimize: Optimize, offers = OFFERS, now?: Offer) =>
  COMPLEXITIES.map((complexity) => chosen(offers, complexity, { optimize, now })?.tier).join(" ")

test("what is wanted of routing decides between strength, money and the person's own waits", () => {
  expect(tiers("balanced")).toBe("rush rush smart smart deep")
  expect(tiers("quality")).toBe("smart smart smart deep deep")
  expect(tiers("cost")).toBe("rush rush rush smart smart")
  expect(tiers("speed")).toBe("smart smart smart smart deep")
})

test("a cheaper model is not taken where reading the conversation anew costs more than going on", () => {
  const [rush, smart, deep] = OFFERS
  if (rush === undefined || smart === undefined || deep === undefined) throw new Error("Three tiers")
  const cached = { ...smart, microUsd: 5 }

  expect(tiers("balanced", [rush, cached, deep], cached)).toBe("smart smart smart smart deep")
  expect(tiers("balanced", [rush, smart, deep], rush)).toBe("rush rush smart smart deep")
})

test("where a tier has no model the next stronger one is taken, else the strongest there is", () => {
  expect(tiers("balanced", OFFERS.slice(1))).toBe("smart smart smart smart deep")
  expect(tiers("balanced", OFFERS.slice(0, 1))).toBe("rush rush rush rush rush")
  expect(tiers("balanced", [])).toBe("    ")
})

const tierFor = (tier: Tier) =>
  tier === "deep"
    ? { model: "test/deep", effort: "high" as const }
    : { model: tier === "rush" ? "test/rush" : "test/smart" }

const PRICES: Readonly<Record<string, { input: number; output: number }>> = {
  "test/rush": { input: 0.1, output: 1 },
  "test/smart": { input: 1, output: 10 },
  "test/deep": { input: 10, output: 100 },
}

async function routed(routing: Routing, script: readonly Scripted[], ports: Parameters<typeof scene>[1] = {}) {
  const scripted = scriptedModel(...script)
  const model: ScriptedModel = {
    ...scripted,
    // Each tier costs ten times the one before.
    describe: (name) => ({ ...scripted.describe(name), price: PRICES[name] }),
  }
  const given = await scene(model, { tierFor, ...ports }, { model: "test/smart", routing })
  const turn = async (text: string) => {
    await given.say(text)
    return given.session.until("turn.ended")
  }
  const asked = () => model.requests.map((request) => `${request.model} ${request.effort ?? "-"}`)
  const notices = () => given.session.events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
  return { ...given, model, turn, asked, notices }
}

test("each turn is asked of the tier that its prompt needs, one line says so, and the log has it as a change of settings", async () => {
  const given = await routed("auto", [say("one"), say("two"), say("three"), say("four")])
  await given.turn("what is a monad?")
  await given.turn("prove this lock-free queue correct")
  await given.turn("go on")
  await given.turn("add a --json flag to the list verb and document it in the manual")

  expect(given.asked()).toEqual(["test/rush -", "test/deep high", "test/deep high", "test/smart -"])
  expect(given.notices()).toEqual([
    "Routed to rush (test/rush): judged trivial, something to explain.",
    "Routed to deep (test/deep): judged expert, something to do.",
    "Routed to deep (test/deep): it goes on with what is under way.",
    "Routed to smart (test/smart): judged moderate, something to make.",
  ])
  const changes = given.session.events.flatMap((event) => (event.type === "settings.changed" ? [event.changes] : []))
  expect(changes).toEqual([
    { tier: "rush", model: "test/rush", effort: null },
    { tier: "deep", model: "test/deep", effort: "high" },
    { tier: "smart", model: "test/smart", effort: null },
  ])
})

test("a model or a tier that the person chooses ends routing", async () => {
  for (const changes of [{ model: "test/other" }, { tier: "smart" }] as const) {
    const given = await routed("auto", [say("one"), say("two")])
    await given.op({ type: "settings.change", changes })
    await given.turn("prove this lock-free queue correct")

    expect(given.asked()).toEqual([`${"model" in changes ? changes.model : "test/smart"} -`])
    expect(given.notices()).toEqual([])
  }
})

test("routing shows the conversation to no other provider, whatever the tiers are", async () => {
  const given = await routed("auto", [say("one")], { tierFor: (tier) => ({ model: `other/${tier}` }) })
  await given.turn("what is a monad?")

  expect(given.asked()).toEqual(["test/smart -"])
  expect(given.notices()).toEqual(["Routed to test/smart, which is asked already: nothing else is known to choose."])
})

test("a short prompt in the middle of work on a list stays with the model that is at it", async () => {
  const todo = {
    forModel: [],
    session: { type: "todo.changed", todos: [{ text: "parse", status: "pending" }] },
  } as const
  const tools = testTools({ todo: { run: () => todo } })
  const given = await routed("auto", [call("todo", {}), say("one"), say("two")], { tools })
  await given.turn("prove this lock-free queue correct")
  await given.turn("what is left?")

  expect(given.asked()).toEqual(["test/deep high", "test/deep high", "test/deep high"])
})

test("a small model may judge the prompt; what it says is used, and where it says nothing of use the rule decides", async () => {
  const router = { kind: "model", model: "test/router", why: "a test says so" } as const
  const taskFor = () => router
  const answer = say('```json\n{"complexity": "expert", "work": "plan"}\n```')
  const given = await routed("model", [answer, say("one"), say("no idea"), say("two")], {
    taskFor,
    clock: fakeClock(),
  })
  await given.turn("hm")
  await given.turn("hm")

  expect(given.asked()).toEqual(["test/router none", "test/deep high", "test/router none", "test/rush -"])
  const spent = given.session.events.flatMap((event) => (event.type === "usage.recorded" ? [event.purpose] : []))
  expect(spent).toEqual(["router", "router"])
})

test("a small model that does not answer in time is not waited for", async () => {
  const router = { kind: "model", model: "test/router", why: "a test says so" } as const
  const given = await routed("model", [[forever], say("one")], { taskFor: () => router })
  await given.turn("what is a monad?")

  expect(given.asked()).toEqual(["test/router none", "test/rush -"])
})

test("for speed, a turn goes to the model whose turns were the shortest in the person's own logs", async () => {
  const logs = memoryLogs()
  const catalogue = {
    ...memoryCatalogue(logs),
    typical: async () => ({
      turns: 2,
      models: [
        { model: "test/rush", turns: 1, turnMs: 900 },
        { model: "test/smart", turns: 1, turnMs: 100 },
      ],
    }),
  }
  const given = await routed("auto", [say("one")], { catalogue, logs })
  await given.op({ type: "settings.change", changes: { optimize: "speed" } })
  await given.turn("what is a monad?")

  expect(given.asked()).toEqual(["test/smart -"])
})
