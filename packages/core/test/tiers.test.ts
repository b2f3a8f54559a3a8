import { expect, test } from "bun:test"
import { SkeinError, type Tier } from "@skein/protocol"
import { memoryCatalogue, memoryLogs, say, scriptedModel } from "@skein/testkit"
import { scene } from "./scene.ts"

/** Of a provider `p`: smart, rush, and deep, which thinks hard. */
const tierFor = (tier: Tier) => {
  if (tier === "free") throw new SkeinError("config.invalid", "No model is set for the tier free.")
  return tier === "deep" ? { model: "p/deep", effort: "high" as const } : { model: `p/${tier}` }
}

async function tiered(ports: Parameters<typeof scene>[1] = {}) {
  const model = scriptedModel(say("one"))
  const given = await scene(model, { tierFor, ...ports })
  const settings = async () => (await given.engine.ask({ type: "session.read", sessionId: given.id })).settings
  return { ...given, model, settings }
}

test("a tier sets its model and effort from the next step on, and the log says which", async () => {
  const given = await tiered()
  await given.op({ type: "settings.change", changes: { tier: "deep" } })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(await given.settings()).toMatchObject({ tier: "deep", model: "p/deep", effort: "high" })
  expect(given.model.requests[0]).toMatchObject({ model: "p/deep", effort: "high" })
  const changed = given.session.events.flatMap((event) => (event.type === "settings.changed" ? [event.changes] : []))
  expect(changed).toEqual([{ tier: "deep", model: "p/deep", effort: "high" }])
})

test("what one tier thinks does not stay with the next", async () => {
  const given = await tiered()
  await given.op({ type: "settings.change", changes: { tier: "deep" } })
  await given.op({ type: "settings.change", changes: { tier: "rush" } })

  expect(await given.settings()).not.toHaveProperty("effort")
  expect(await given.settings()).toMatchObject({ tier: "rush", model: "p/rush" })
})

test("another model by its name ends the tier, and the same one does not", async () => {
  const given = await tiered()
  await given.op({ type: "settings.change", changes: { tier: "rush" } })
  await given.op({ type: "settings.change", changes: { model: "p/rush", mode: "plan" } })
  expect(await given.settings()).toMatchObject({ tier: "rush" })
  await given.op({ type: "settings.change", changes: { model: "q/other" } })

  expect(await given.settings()).not.toHaveProperty("tier")
})

test("a tier that no model is known for is refused, and says what to do", async () => {
  const given = await tiered()
  const asked = { type: "settings.change", sessionId: given.id, changes: { tier: "free" } } as const

  expect(await given.engine.submit(asked)).toMatchObject({ status: "rejected", code: "config.invalid" })
  expect(await given.settings()).not.toHaveProperty("tier")
})

test("/tier, /rush and the other word for it, /mode rush, ask for the same", async () => {
  const given = await tiered()
  const asked = (name: string, args = "") =>
    given.engine.ask({ type: "command.resolve", sessionId: given.id, name, args })

  const rush = { kind: "ops", ops: [{ type: "settings.change", sessionId: given.id, changes: { tier: "rush" } }] }
  expect(await asked("rush")).toMatchObject(rush)
  expect(await asked("tier", "rush")).toMatchObject(rush)
  expect(await asked("mode", "rush")).toMatchObject(rush)
  expect(await asked("tier", "quick")).toMatchObject({ kind: "usage" })
  expect(await asked("tier")).toMatchObject({ kind: "choose" })
})

test("/tier shows of each what the list says it costs and what the person's own turns say, and nothing that is not known", async () => {
  const logs = memoryLogs()
  const given = await tiered({ logs, catalogue: memoryCatalogue(logs) })
  const details = async () => {
    const reply = await given.engine.ask({ type: "command.resolve", sessionId: given.id, name: "tier", args: "" })
    return reply.kind === "choose" ? reply.choices.map(({ label, detail }) => `${label}: ${detail}`) : []
  }
  const list = "$1 in, $10 out a million"
  expect(await details()).toEqual([
    `smart: p/smart; ${list}; cost of a turn not known; wait not known`,
    `rush: p/rush; ${list}; cost of a turn not known; wait not known`,
    "free: costs nothing: No model is set for the tier free.",
    `deep: p/deep, effort high; ${list}; cost of a turn not known; wait not known`,
    "auto: each prompt gets smart, rush or deep, as it needs",
  ])
  await given.op({ type: "settings.change", changes: { tier: "rush" } })
  await given.say("go")
  await given.session.until("turn.ended")
  // A step is 100 tokens in and 10 out.
  const [smart, rush] = await details()
  expect(smart).toBe(`smart: p/smart; ${list}; a turn like yours $0.0002; wait not known`)
  expect(rush).toMatch(/a turn like yours \$0\.0002; \d+\.\d s in your 1 turn$/)
})

test("/tier auto begins routing, with what is wanted of it", async () => {
  const given = await tiered()
  const asked = (args: string) => given.engine.ask({ type: "command.resolve", sessionId: given.id, name: "tier", args })
  const ops = (changes: object) => ({ kind: "ops", ops: [{ type: "settings.change", sessionId: given.id, changes }] })

  expect(await asked("auto")).toMatchObject(ops({ routing: "auto" }))
  expect(await asked("auto cost")).toMatchObject(ops({ routing: "auto", optimize: "cost" }))
  expect(await asked("auto cheap")).toMatchObject({ kind: "usage" })
})
