import { expect, test } from "bun:test"
import { call, calls, memoryAudit, memoryLayers, say, scriptedModel, testTools } from "@skein/testkit"
import type { CallPlan, Effect, PlanContext, RunContext } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

const MUTATING: Readonly<Record<string, readonly Effect[]>> = {
  write: [{ kind: "write", paths: ["/repo/a"], isInside: true }],
  outside: [{ kind: "write", paths: ["/etc/a"], isInside: false }],
  hook: [{ kind: "write", paths: ["/repo/.git/hooks/x"], isInside: true, runsLater: "git" }],
  unheld: [{ kind: "execute", command: "rm -rf /repo", isConfined: false }],
  delegate: [{ kind: "delegate", to: "agent" }],
  mcp: [{ kind: "unknown" }],
  silent: [],
  mixed: [
    { kind: "read", paths: ["/repo/a"], isInside: true },
    { kind: "write", paths: ["/repo/a"], isInside: true },
  ],
}

/** Tools that count what they change; a command that the sandbox holds says which sandbox it was given. */
function hostile() {
  const mutated: string[] = []
  const sandboxes: string[] = []
  const tools = testTools({
    ...Object.fromEntries(
      Object.entries(MUTATING).map(([name, effects]) => [
        name,
        { effects, isConcurrent: true, run: () => `mutated ${mutated.push(name)}` },
      ]),
    ),
    bash: {
      effects: [{ kind: "execute", command: "git commit", isConfined: true }],
      run: (_, { sandbox }) => `in ${sandboxes.push(sandbox)}`,
    },
    read: { effects: [{ kind: "read", paths: ["/repo/a"], isInside: true }], run: () => "read" },
  })
  return { tools, mutated, sandboxes }
}

const ALL = [...Object.keys(MUTATING), "bash", "read"].map((name) => [name, {}] as const)

test("in plan mode a hundred hostile turns change nothing, whatever rules allow and whoever says yes", async () => {
  const { tools, mutated, sandboxes } = hostile()
  const turns = Array.from({ length: 100 }, (_, n) => [
    calls(...ALL.map(([name]) => [name, { n }] as const)),
    say("done"),
  ])
  const rules = [{ tool: "*", decision: "allow", scope: "user" } as const]
  const given = await scene(scriptedModel(...turns.flat()), { tools, rules, layers: memoryLayers() }, { mode: "plan" })
  await given.attach()
  const answering = (async () => {
    for await (const event of given.engine.events({ sessionId: given.id })) {
      if (event.type !== "approval.requested") continue
      const answer = event.options.includes("allow_always") ? "allow_always" : "allow_once"
      const { approvalId } = event
      await given.engine.submit({ type: "approval.answer", sessionId: given.id, approvalId, answer })
    }
  })()
  for (let n = 0; n < turns.length; n++) {
    await given.say(`turn ${n}`)
    await given.session.until("turn.ended")
  }

  expect(mutated).toEqual([])
  expect(new Set(sandboxes)).toEqual(new Set(["read-only"]))
  const denied = given.session.events.filter((event) => event.type === "call.settled" && event.code === "call.denied")
  expect(denied).toHaveLength(100 * Object.keys(MUTATING).length)
  await given.engine.close()
  await answering
})

test("a mode that is toggled within a turn holds from the next step, both ways", async () => {
  const { tools, mutated } = hostile()
  const model = scriptedModel(
    call("ask", {}),
    call("write", {}),
    call("ask", { n: 2 }),
    call("write", { n: 2 }),
    say("done"),
  )
  const modes = ["plan", "auto"] as const
  let toggled = 0
  const plain = testTools({ ask: { effects: [{ kind: "none" }], run: () => "" } })
  const given = await scene(model, {
    tools: {
      ...tools,
      plan: (name, ...rest) => (name === "ask" ? plain : tools).plan(name, ...rest),
      run: async (plan, context) => {
        if (plan.name !== "ask") return tools.run(plan, context)
        await given.op({ type: "settings.change", changes: { mode: modes[toggled++ % 2] } })
        return { forModel: [] }
      },
    },
  })
  await given.say("go")
  await given.session.until("turn.ended")

  const codes = given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.code] : []))
  expect([codes, mutated]).toEqual([[undefined, "call.denied", undefined, undefined], ["write"]])
})

test("an interrupt in plan mode leaves nothing begun, and the mode as it was", async () => {
  const { tools, mutated } = hostile()
  const model = scriptedModel(calls(["read", {}], ["network", {}], ["write", {}]), call("write", {}), say("done"))
  const network = testTools({ network: { effects: [{ kind: "network", hosts: ["a"] }], run: () => "sent" } })
  const given = await scene(
    model,
    {
      tools: {
        ...tools,
        plan: (name, ...rest) => (name === "network" ? network : tools).plan(name, ...rest),
      },
    },
    { mode: "plan" },
  )
  await given.attach()
  await given.say("go")
  await given.session.until("approval.requested")
  await given.op({ type: "turn.interrupt" })
  await given.session.until("turn.ended")
  await given.say("again")
  await given.session.until("turn.ended")

  expect(mutated).toEqual([])
  const codes = given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.code] : []))
  expect(codes).toEqual([undefined, "call.cancelled", "call.cancelled", "call.denied"])
})

const PLAN = "1. write a\n2. write b"

function planning(...after: readonly ReturnType<typeof call>[]) {
  const { tools, mutated } = hostile()
  const plan = testTools({
    plan: {
      effects: [{ kind: "none" }],
      run: () => ({ forModel: [], session: { type: "plan.changed", plan: PLAN } }),
    },
  })
  const both = {
    ...tools,
    plan: (name: string, ...rest: [unknown, PlanContext]) => (name === "plan" ? plan : tools).plan(name, ...rest),
    run: (given: CallPlan, context: RunContext) => (given.name === "plan" ? plan : tools).run(given, context),
  }
  return { tools: both, mutated, model: scriptedModel(call("write", {}), call("plan", {}), ...after, say("done")) }
}

test("a plan is proposed, and carried out only in the mode that was left for it, when a person approves", async () => {
  const { tools, mutated, model } = planning(call("write", { n: 2 }))
  const audit = memoryAudit()
  const given = await scene(model, { tools, audit }, { mode: "accept-edits" })
  await given.attach()
  await given.op({ type: "settings.change", changes: { mode: "plan" } })
  await given.say("go")
  const asked = await given.session.until("approval.requested")
  expect(asked).toMatchObject({
    ...{ subject: "plan", callId: "cal_2", reasons: ["it would be carried out in mode accept-edits"] },
    ...{ actions: [{ verb: "plan", target: PLAN }], options: ["allow_once", "reject_once"] },
  })
  expect(mutated).toEqual([])
  await given.op({ type: "approval.answer", approvalId: asked.approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")

  expect(mutated).toEqual(["write"])
  expect(JSON.stringify(model.requests[2]?.messages)).toContain("The mode is accept-edits now: carry it out.")
  expect(audit.entries.filter(({ action }) => action === "settings.change")).toHaveLength(3)
})

test("a plan that is refused, or that nobody is there to approve, changes nothing", async () => {
  const refused = planning(call("write", { n: 2 }))
  const given = await scene(refused.model, { tools: refused.tools }, { mode: "plan" })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "reject_once", feedback: "smaller" })
  await given.session.until("turn.ended")
  expect(JSON.stringify(refused.model.requests[2]?.messages)).toContain("Nothing may be changed yet. They say: smaller")

  const alone = planning(call("write", { n: 2 }))
  const unattended = await scene(alone.model, { tools: alone.tools }, { mode: "plan" })
  await unattended.say("go")
  await unattended.session.until("turn.ended")

  expect([refused.mutated, alone.mutated]).toEqual([[], []])
  const view = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(view.settings.mode).toBe("plan")
})

function entering() {
  const { tools, mutated } = hostile()
  const enter = testTools({
    enter: {
      effects: [{ kind: "none" }],
      run: () => ({ forModel: [], session: { type: "settings.changed", changes: { mode: "plan" } } }),
    },
  })
  const both = {
    ...tools,
    plan: (name: string, ...rest: [unknown, PlanContext]) => (name === "enter" ? enter : tools).plan(name, ...rest),
    run: (given: CallPlan, context: RunContext) => (given.name === "enter" ? enter : tools).run(given, context),
  }
  return { tools: both, mutated, model: scriptedModel(call("enter", {}), call("write", {}), say("done")) }
}

test("a model goes into mode plan by itself, on record as its own doing, and then nothing is changed", async () => {
  const { tools, mutated, model } = entering()
  const audit = memoryAudit()
  const given = await scene(model, { tools, audit }, { mode: "full" })
  await given.attach()
  await given.say("go")
  await given.session.until("turn.ended")

  expect(mutated).toEqual([])
  const entries = audit.entries.filter(({ action }) => action === "settings.change")
  expect(entries.map(({ actor, resources }) => [actor, resources[0]?.name])).toEqual([
    ["person", 'mode="full"'],
    ["model", 'mode="plan"'],
  ])
})

test("where nobody could approve a plan, a model stays in the mode it is in", async () => {
  const { tools, mutated, model } = entering()
  const given = await scene(model, { tools }, { mode: "full" })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(mutated).toEqual(["write"])
  expect(JSON.stringify(model.requests[1]?.messages)).toContain("The mode stays full")
})
