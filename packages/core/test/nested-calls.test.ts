import { expect, test } from "bun:test"
import { call, memoryLogs, say, scriptedModel, type TestTool, testTools } from "@skein/testkit"
import { fold } from "../src/index.ts"
import type { RunContext } from "../src/ports/index.ts"
import { brokenRules } from "./invariants.ts"
import { cutAfter, reopened } from "./reopened.ts"
import { ASKED, realClock, scene, untilStopped } from "./scene.ts"

/** Makes the calls that its input names, all at once, and says what each gave. */
const both: TestTool = {
  run: async ({ names }, { call: make }: RunContext) => {
    if (make === undefined || !Array.isArray(names)) return "no calls from here"
    const results = await Promise.all(names.map((name) => make(String(name), { of: "both" })))
    return results
      .map(({ outcome, forModel: [first] }) => `${outcome}: ${first?.type === "text" ? first.text : ""}`)
      .join("\n")
  },
}

const read: TestTool = {
  isConcurrent: true,
  effects: [{ kind: "read", paths: ["/repo/a"], isInside: true }],
  run: () => "read",
}

test("a call that another makes is judged, asked about and settled before it, and the model reads only what the other gives", async () => {
  const model = scriptedModel(call("both", { names: ["read", "shell", "nothing"] }), say("done"))
  const logs = memoryLogs()
  const given = await scene(model, { tools: testTools({ both, read, shell: { ...ASKED, run: () => "ran" } }), logs })
  await given.attach()
  await given.say("go")
  const { approvalId, callId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")

  const asked = given.session.events.flatMap((event) => (event.type === "call.requested" ? [event] : []))
  expect(asked.map(({ name, parentCallId }) => `${name} ${parentCallId}`)).toEqual([
    "both undefined",
    "read cal_1",
    "shell cal_1",
    "nothing cal_1",
  ])
  expect(callId).toBe(asked[2]?.callId)
  const settled = given.session.events.flatMap((event) => (event.type === "call.settled" ? [event.callId] : []))
  expect(settled.at(-1)).toBe("cal_1")
  const results = model.requests[1]?.messages.at(-1)?.content
  expect(results).toMatchObject([
    { type: "result", content: [{ text: "success: read\nsuccess: ran\nerror: There is no tool nothing." }] },
  ])
  expect(JSON.stringify(model.requests[1]?.messages)).not.toContain('"of"')
  expect(brokenRules(await logs.read(given.id))).toEqual([])
  const items = fold(await logs.read(given.id)).items.flatMap((item) => (item.kind === "tool_call" ? [item] : []))
  expect(items.map(({ parentCallId }) => parentCallId)).toEqual([undefined, "cal_1", "cal_1", "cal_1"])
  await given.engine.close()
})

test("a call that another makes can make none itself", async () => {
  const model = scriptedModel(call("both", { names: ["both"] }), say("done"))
  const given = await scene(model, { tools: testTools({ both }) })
  await given.say("go")
  await given.session.until("turn.ended")
  expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain("success: no calls from here")
  await given.engine.close()
})

test("calls of one call that are safe beside others run together, and any other by itself", async () => {
  let running = 0
  let most = 0
  const counted = (isConcurrent: boolean): TestTool => ({
    isConcurrent,
    run: async () => {
      running += 1
      most = Math.max(most, running)
      const now = running
      await new Promise((wake) => setTimeout(wake, 5))
      running -= 1
      return `${now}`
    },
  })
  const names = ["safe", "safe", "alone", "safe", "safe"]
  const model = scriptedModel(call("both", { names }), say("done"))
  const given = await scene(model, { tools: testTools({ both, safe: counted(true), alone: counted(false) }) })
  await given.say("go")
  await given.session.until("turn.ended")
  expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain(
    "success: 1\\nsuccess: 2\\nsuccess: 1\\nsuccess: 1\\nsuccess: 2",
  )
  expect(most).toBe(2)
  await given.engine.close()
})

test("an interrupt settles what a call made before the call itself", async () => {
  const begun = Promise.withResolvers<void>()
  const sleep: TestTool = { run: (_, { signal }) => untilStopped(signal, begun.resolve) }
  const logs = memoryLogs()
  const model = scriptedModel(call("both", { names: ["sleep", "read"] }), say("never"))
  const given = await scene(model, { tools: testTools({ both, sleep, read }), logs, clock: realClock })
  await given.say("go")
  await begun.promise
  await given.op({ type: "turn.interrupt" })
  const log = await logs.read(given.id)
  expect(brokenRules(log)).toEqual([])
  const settled = log.flatMap((event) => (event.type === "call.settled" ? [`${event.callId} ${event.outcome}`] : []))
  expect(settled.at(-1)).toBe("cal_1 cancelled")
  expect(settled.length).toBe(3)
  await given.engine.close()
})

test("after a kill, a call that another was making is over with it: nobody is asked about it again", async () => {
  const logs = memoryLogs()
  const tools = testTools({ both, shell: { ...ASKED, run: () => "ran" } })
  const given = await scene(scriptedModel(call("both", { names: ["shell"] }), say("never")), { tools, logs })
  await given.attach()
  await given.say("go")
  await given.session.until("approval.requested")
  const left = cutAfter(await logs.read(given.id), "approval.requested")
  const again = reopened(left, undefined, { tools })
  await again.engine.submit({ type: "client.attach", sessionId: given.id, clientId: "cli_b", answers: ["approval"] })
  await again.engine.close()
  const log = await again.log()
  expect(brokenRules(log)).toEqual([])
  expect(log.filter(({ type }) => type === "approval.requested").length).toBe(1)
  await given.engine.close()
})

test("a call that does not wait for what it made ends it, and settles after it", async () => {
  const forgetful: TestTool = {
    run: async (_, { call: make }) => {
      const making = make?.("sleep", {})
      making?.catch(() => undefined)
      await begun.promise
      return "gone on"
    },
  }
  const begun = Promise.withResolvers<void>()
  const sleep: TestTool = { run: (_, { signal }) => untilStopped(signal, begun.resolve) }
  const logs = memoryLogs()
  const model = scriptedModel(call("forgetful", {}), say("done"))
  const given = await scene(model, { tools: testTools({ forgetful, sleep }), logs, clock: realClock })
  await given.say("go")
  await given.session.until("turn.ended")
  const log = await logs.read(given.id)
  expect(brokenRules(log)).toEqual([])
  const settled = log.flatMap((event) => (event.type === "call.settled" ? [event.outcome] : []))
  expect(settled).toEqual(["cancelled", "success"])
  await given.engine.close()
})
