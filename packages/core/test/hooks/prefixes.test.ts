import { expect, test } from "bun:test"
import {
  assertAcceptable,
  call,
  calls,
  fakeHooks,
  listen,
  memoryLogs,
  say,
  scriptedModel,
  submitText,
} from "@skein/testkit"
import { brokenRules } from "../invariants.ts"
import { reopened } from "../reopened.ts"
import { scene, threeTools } from "../scene.ts"

/** A session in which hooks did all that they can. */
async function eventful() {
  const model = scriptedModel(
    calls(["write", { n: 1 }], ["shell", { n: 2 }], ["read", { n: 3 }]),
    call("shell", { n: 4 }),
    say("done"),
    say("really"),
    say("a summary"),
    say("more"),
    say("even more"),
  )
  const hooks = fakeHooks({
    SessionStart: ({ source }) => ({ context: `It began by ${source}.` }),
    UserPromptSubmit: ({ prompt }) => (prompt === "bad" ? { block: { reason: "no" } } : { context: "Mind the gap." }),
    PreToolUse: ({ input }) => (JSON.stringify(input).includes("4") ? { block: { reason: "no" } } : { input }),
    PermissionRequest: () => ({ decision: "allow", context: "It was looked at." }),
    PostToolUse: () => ({ block: { reason: "wrong" }, context: "See line 3." }),
    PermissionDenied: () => ({ context: "Otherwise." }),
    Stop: ({ isHookActive }) => (isHookActive ? {} : { block: { reason: "Go on." } }),
    PreCompact: () => ({ context: "Keep it." }),
    PostCompact: () => ({}),
    PreModelRequest: () => ({ context: "Soon." }),
    PostModelRequest: () => ({ messages: ["Said."] }),
  })
  const logs = memoryLogs()
  const given = await scene(model, { tools: threeTools, hooks, logs })
  for (const text of ["go", "bad"]) {
    await given.say(text)
    await given.session.until("turn.ended")
  }
  await given.op({ type: "context.compact" })
  await given.say("again")
  await given.session.until("turn.ended")
  await given.engine.close()
  return logs.read(given.id)
}

test("wherever a session with hooks was cut off, it is opened whole, and no provider refuses what it says", async () => {
  const log = await eventful()
  expect(log.filter(({ type }) => type === "hook.ran").length).toBeGreaterThan(20)
  for (let cut = 1; cut <= log.length; cut++) {
    const again = reopened(log.slice(0, cut))
    const session = listen(again.engine, again.id)
    await submitText(again.engine, again.id, "next")
    await session.until("turn.ended")
    await again.engine.close()
    const now = await again.log()
    expect([cut, ...brokenRules(now)]).toEqual([cut])
    for (const { messages } of again.model.requests) assertAcceptable(messages)
    expect(JSON.stringify(again.model.requests)).not.toContain('"bad"')
  }
})
