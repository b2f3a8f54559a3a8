import { expect, test } from "bun:test"
import type { ProviderData, WebSearch } from "@skein/protocol"
import { type Scripted, say, scriptedModelWith, testTools } from "@skein/testkit"
import type { ModelChunk } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

const CAN = { search: { isCacheable: true, isBoundable: true } }
const LIVE: WebSearch = { access: "live" }
const data: ProviderData = { wire: "w", provider: "test", model: "scripted", data: { id: "found" } }

function searched(more: Partial<Extract<ModelChunk, { type: "hosted" }>> = {}): readonly ModelChunk[] {
  const action = { kind: "search", query: "bun\u001b[31m 1.4" } as const
  const sources = [{ url: "https://bun.sh", title: "Bun" }]
  return [
    { type: "hosted", index: 0, action, sources, ...more },
    { type: "item_end", index: 0, providerData: data },
  ]
}

function answering(...chunks: readonly ModelChunk[]): Scripted {
  const text: readonly ModelChunk[] = [
    { type: "text", index: 1, text: "It is 1.4." },
    { type: "item_end", index: 1 },
    { type: "usage", usage: { input: 100, output: 10, searches: 2 } },
    { type: "stop", reason: "end" },
  ]
  return [[...chunks, ...text]]
}

test("a search of the provider is in the log, is charged for, and goes back in its place", async () => {
  const price = { input: 1, output: 10, searches: 10 }
  const model = scriptedModelWith({ ...CAN, price }, answering(...searched()), say("done"))
  const given = await scene(model, {}, { webSearch: LIVE })
  await given.say("which bun?")
  const ended = await given.session.until("step.ended")
  await given.session.until("turn.ended")
  await given.say("thanks")
  await given.session.until("turn.ended")

  const logged = given.session.events.find((event) => event.type === "hosted_call.completed")
  expect(logged).toMatchObject({
    ...{ name: "web_search", index: 0, providerData: data },
    action: { kind: "search", query: "bun\\e[31m 1.4" },
    sources: [{ url: "https://bun.sh", title: "Bun" }],
  })
  // 100 tokens in, 10 out, and two searches at a cent each.
  expect(ended.microUsd).toBe(100 + 100 + 20_000)
  expect(model.requests[0]?.search).toEqual(LIVE)
  expect(model.requests[1]?.messages[1]?.content).toEqual([
    { type: "hosted", isOpen: false, providerData: data },
    { type: "text", text: "It is 1.4.", providerData: undefined },
  ])
})

test("a search is told while it goes on, with what is searched as soon as that is known, and made visible", async () => {
  const begun: ModelChunk = { type: "hosted", index: 0, action: { kind: "search" } }
  const given = await scene(scriptedModelWith(CAN, [[begun], ...answering(...searched())]), {}, { webSearch: LIVE })
  await given.say("which bun?")
  await given.session.until("turn.ended")

  const told = given.session.events.filter(({ type }) => type.startsWith("hosted_call."))
  const [first] = told
  const { itemId } = first?.type === "hosted_call.started" ? first : { itemId: undefined }
  const query = "bun\\e[31m 1.4"
  expect(told).toMatchObject([
    { type: "hosted_call.started", itemId, action: { kind: "search" } },
    { type: "hosted_call.started", itemId, action: { kind: "search", query } },
    { type: "hosted_call.completed", itemId, action: { kind: "search", query } },
  ])
})

test("what a search found taints the turn as a page that was fetched does", async () => {
  const send = { effects: [{ kind: "network" as const, hosts: ["example.org"] }], run: () => "sent" }
  const model = scriptedModelWith(CAN, [searched(), ...asking("send")], say("done"))
  const rules = [{ tool: "send", decision: "allow", scope: "user" } as const]
  const given = await scene(model, { tools: testTools({ send }), rules }, { webSearch: LIVE })
  await given.attach()
  await given.say("go")
  const asked = await given.session.until("approval.requested")
  expect(asked.taint).toEqual(["this turn has read what a web search found, which others may have written"])
})

/** A call behind a search. */
function asking(name: string): Scripted {
  return [
    [
      { type: "call", index: 1, name },
      { type: "item_end", index: 1, argumentsText: "{}" },
      { type: "stop", reason: "calls" },
    ],
  ]
}

test("nothing is searched that was not wanted, and nothing is said of it", async () => {
  for (const webSearch of [undefined, { access: "disabled" }] as const) {
    const model = scriptedModelWith(CAN, say("done"))
    const given = await scene(model, {}, webSearch === undefined ? {} : { webSearch })
    await given.say("go")
    await given.session.until("turn.ended")
    expect(model.requests[0]).not.toHaveProperty("search")
    expect(given.session.events.some(({ type }) => type === "notice.posted")).toBe(false)
  }
})

test("where the provider cannot search as it is wanted nothing is searched, and why is said once", async () => {
  const bounded: WebSearch = { access: "live", allowedDomains: ["bun.sh"] }
  const cases = [
    [{}, LIVE, "test/scripted has no search of its own."],
    [{ search: { isCacheable: false, isBoundable: true } }, { access: "cached" }, "searches only the web as it is now"],
    [{ search: { isCacheable: true, isBoundable: false } }, bounded, "cannot be held to some domains"],
  ] as const
  for (const [facts, webSearch, why] of cases) {
    const model = scriptedModelWith(facts, say("one"), say("two"))
    const given = await scene(model, {}, { webSearch })
    for (const prompt of ["a", "b"]) {
      await given.say(prompt)
      await given.session.until("turn.ended")
    }
    const notices = given.session.events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
    expect(notices).toEqual([expect.stringContaining(why)])
    expect(model.requests.every(({ search }) => search === undefined)).toBe(true)
  }
})

test("a rule can deny the search, as it denies a tool", async () => {
  const rules = [{ tool: "web_search", decision: "deny", scope: "managed" } as const]
  const model = scriptedModelWith(CAN, say("done"))
  const given = await scene(model, { rules }, { webSearch: LIVE })
  await given.say("go")
  const notice = await given.session.until("notice.posted")
  await given.session.until("turn.ended")
  expect(notice.text).toStartWith("The web is not searched: a rule")
  expect(model.requests[0]).not.toHaveProperty("search")
})

const paused: Scripted = [[...searched({ isOpen: true }), { type: "stop", reason: "paused" }]]
const open = { type: "hosted", isOpen: true, providerData: data } as const

test("what the provider paused within goes on in the next request, as one answer", async () => {
  const model = scriptedModelWith(CAN, paused, answering(), say("done"))
  const given = await scene(model, {}, { webSearch: LIVE })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.say("more")
  await given.session.until("turn.ended")

  expect(model.requests[1]?.messages.at(-1)?.content).toEqual([open])
  const text = { type: "text", text: "It is 1.4.", providerData: undefined } as const
  expect(model.requests[2]?.messages[1]?.content).toEqual([open, text])
})

test("what the provider paused within is dropped when somebody else speaks", async () => {
  const model = scriptedModelWith(CAN, paused, say("done"))
  const given = await scene(model, {}, { webSearch: LIVE, limits: { stepsMax: 1 } })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.say("again")
  await given.session.until("turn.ended")
  expect(JSON.stringify(model.requests[1]?.messages)).not.toContain("hosted")
  expect(model.requests[1]?.messages.every(({ role }) => role === "user")).toBe(true)
})

test("a verbosity is asked for from the next step on, and is taken away by null", async () => {
  const model = scriptedModelWith({}, say("one"), say("two"))
  const given = await scene(model, {}, { verbosity: "low" })
  await given.say("a")
  await given.session.until("turn.ended")
  await given.op({ type: "settings.change", changes: { verbosity: null } })
  await given.say("b")
  await given.session.until("turn.ended")
  expect(model.requests.map(({ verbosity }) => verbosity)).toEqual(["low", undefined])
})

test("a search that the wire never closed is in the log, and taints the calls of its reply", async () => {
  const send = { effects: [{ kind: "network" as const, hosts: ["example.org"] }], run: () => "sent" }
  const [unclosed] = searched()
  const model = scriptedModelWith(CAN, [unclosed === undefined ? [] : [unclosed], ...asking("send")], say("done"))
  const rules = [{ tool: "send", decision: "allow", scope: "user" } as const]
  const given = await scene(model, { tools: testTools({ send }), rules }, { webSearch: LIVE })
  await given.attach()
  await given.say("go")
  expect((await given.session.until("approval.requested")).taint).toHaveLength(1)
  expect(given.session.events.filter(({ type }) => type === "hosted_call.completed")).toHaveLength(1)
})

test("a provider that pauses within its reply again and again ends the turn, and does not bill it for ever", async () => {
  const paused: Scripted = [[...searched({ isOpen: true }), { type: "stop", reason: "paused" }]]
  const model = scriptedModelWith(CAN, ...Array.from({ length: 40 }, () => paused))
  const given = await scene(model, {}, { webSearch: LIVE })
  await given.say("go")
  const { outcome } = await given.session.until("turn.ended")
  await given.engine.close()
  expect(outcome).toMatchObject({ kind: "exhausted", reason: "tool_loop" })
  expect(model.requests).toHaveLength(16)
})
