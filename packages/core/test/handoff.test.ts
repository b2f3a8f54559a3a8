import { expect, test } from "bun:test"
import { listen, memoryCatalogue, memoryLogs, say, scriptedModelWith, submit, submitText } from "@skein/testkit"
import { talked, then } from "./desk.ts"
import { reopened, saying } from "./reopened.ts"
import { forever, scene } from "./scene.ts"

test("a hand-over makes a session that begins with what the model wrote of the old one, and leaves that as it is", async () => {
  const model = scriptedModelWith(
    {},
    say("worked on it"),
    say("# Goal\n\nShip it.\n\n# Next steps\n\nTest."),
    say("on it"),
  )
  const given = await scene(model)
  await given.say("build it")
  await given.session.until("turn.ended")
  const receipt = await given.op({ type: "session.handoff", newSessionId: "ses_next", goal: "ship it" })

  expect(receipt).toMatchObject({ sessionId: "ses_next" })
  const next = listen(given.engine, "ses_next", 1)
  await submitText(given.engine, "ses_next", "go on")
  await next.until("turn.ended")
  const [created] = next.events
  expect(created).toMatchObject({ parent: { sessionId: given.id, kind: "handoff" } })
  expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain("# Goal\\n\\nShip it.")
  expect((await given.engine.ask({ type: "session.read", sessionId: "ses_next" })).goal).toBe("ship it")
  const old = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(old.items.filter((item) => item.kind !== "user_message")).toHaveLength(1)
  await given.engine.close()
})

test("a conversation that nearly fills the window is handed over at the end of its turn, when the person chose so", async () => {
  const logs = memoryLogs()
  const long = "word ".repeat(300)
  const model = scriptedModelWith({ contextTokens: 400, outputTokensMax: 20 }, say(long), say("All that matters."))
  const given = await scene(model, { logs, catalogue: memoryCatalogue(logs), whenFull: "handoff" })
  await given.say("write much")
  await given.session.until("turn.ended")
  const notice = await given.session.until("notice.posted")

  const sessions = await given.engine.ask({ type: "sessions.list" })
  const [next] = sessions.filter(({ sessionId }) => sessionId !== given.id)
  expect(notice).toMatchObject({ level: "info", text: expect.stringContaining(`skein resume ${next?.sessionId}`) })
  const view = await given.engine.ask({ type: "session.read", sessionId: next?.sessionId ?? given.id })
  expect(JSON.stringify(view.items)).toContain("All that matters.")
  await given.engine.close()
})

test("a turn that was not completed hands nothing over, however full the conversation is", async () => {
  const logs = memoryLogs()
  const long = [{ type: "text", index: 0, text: "word ".repeat(300) }] as const
  const model = scriptedModelWith({ contextTokens: 400, outputTokensMax: 20 }, [long, forever])
  const given = await scene(model, { logs, catalogue: memoryCatalogue(logs), whenFull: "handoff" })
  await given.say("write much")
  await given.session.until("item.delta")
  await given.op({ type: "turn.interrupt" })
  await given.engine.close()
  expect([model.requests.length, (await logs.read(given.id)).at(-1)?.type]).toEqual([1, "turn.ended"])
})

test("what was allowed for the session is allowed in the one that goes on", async () => {
  const rule = { tool: "write", decision: "allow", scope: "session" } as const
  const log = then(await talked(["build it"], scriptedModelWith({}, say("built"))), { type: "rule.added", rule })
  const { engine, id } = reopened(log, saying("all that matters"))
  await submit(engine, { type: "session.handoff", sessionId: id, newSessionId: "ses_next" })
  const next = await listen(engine, "ses_next", 1).until("rule.added")
  expect(next.rule).toEqual(rule)
  await engine.close()
})

test("what was handed over outlives the compactions of the session that it was handed to, and goes on to the next", async () => {
  const model = scriptedModelWith(
    {},
    ...[say("worked"), say("# Key context\n\nnever push")],
    ...[say("on it"), say("what was done"), say("done again"), say("more was done"), say("# State\n\nall well")],
  )
  const given = await scene(model)
  await given.say("build it")
  await given.session.until("turn.ended")
  await given.op({ type: "session.handoff", newSessionId: "ses_next" })
  const next = listen(given.engine, "ses_next", 1)
  for (const prompt of ["go on", "further"]) {
    await submitText(given.engine, "ses_next", prompt)
    await next.until("turn.ended")
    await submit(given.engine, { type: "context.compact", sessionId: "ses_next" })
    const view = await given.engine.ask({ type: "session.read", sessionId: "ses_next" })
    expect(view.items.findLast((item) => item.kind === "compaction")).toMatchObject({
      summary: expect.stringMatching(/^# Key context\n\nnever push/),
    })
  }
  await given.engine.close()
})

test("a hand-over while a turn runs is refused", async () => {
  const given = await scene(scriptedModelWith({}, [new Promise(() => undefined)]))
  await given.say("work")
  const refused = await given.engine.submit({ type: "session.handoff", sessionId: given.id })
  expect(refused).toMatchObject({ status: "rejected", code: "turn.busy" })
  await given.engine.close()
})
