import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { call, fakeClock, listen, memoryLogs, say, scriptedModel } from "@skein/testkit"
import type { RunContext } from "../src/ports/index.ts"
import { familyModel, taskTools } from "./family.ts"
import { brokenRules } from "./invariants.ts"
import { reopened } from "./reopened.ts"
import { type Scene, scene } from "./scene.ts"

const EIGHT = Array.from({ length: 8 }, (_, at) => `agent${at}`)

/** Each of them asks for a shell, and says what it got. */
function asking(names: readonly string[]) {
  const each = names.map((name) => [name, [call("shell", { n: name }), say(`${name} is done`)]] as const)
  return familyModel(scriptedModel(), {
    root: [call("task", { names }), say("all done")],
    ...Object.fromEntries(each),
  })
}

async function eightAsked(given: Scene) {
  await given.attach()
  await given.say("go")
  const asked: EventOf<"approval.requested">[] = []
  while (asked.length < EIGHT.length) asked.push(await given.session.until("approval.requested"))
  return asked
}

test("eight children that ask at once are eight questions in their parent, each with its name and answered once", async () => {
  const logs = memoryLogs()
  const given = await scene(asking(EIGHT), { tools: taskTools(), logs })
  const asked = await eightAsked(given)
  expect(asked.map(({ agent }) => agent?.name).sort()).toEqual([...EIGHT])
  expect(new Set(asked.map(({ approvalId }) => approvalId)).size).toBe(8)
  const status = given.session.events.findLast(({ type }) => type === "session.status")
  expect(status).toMatchObject({ status: "waiting" })

  for (const [at, { approvalId }] of asked.entries()) {
    await given.op({ type: "approval.answer", approvalId, answer: at % 2 === 0 ? "allow_once" : "reject_once" })
  }
  await given.session.until("turn.ended")
  const answers = given.session.events.filter(({ type }) => type === "approval.resolved")
  expect(answers.length).toBe(8)
  for (const [, events] of logs.all()) expect(brokenRules(events)).toEqual([])
  const settled = given.session.events.find(({ type }) => type === "call.settled")
  const said = EIGHT.map((name) => `completed: ${name} is done`).join("\n")
  expect(settled).toMatchObject({ forModel: [{ text: said }] })
  await given.engine.close()
})

test("an answer given in the child's own session is the answer in its parent, too", async () => {
  const given = await scene(asking(["one"]), { tools: taskTools() })
  await given.attach()
  await given.say("go")
  const { approvalId, agent } = await given.session.until("approval.requested")
  if (agent === undefined) throw new Error("A child asks")
  await given.engine.submit({ type: "approval.answer", sessionId: agent.sessionId, approvalId, answer: "allow_once" })
  expect(await given.session.until("approval.resolved")).toMatchObject({
    approvalId,
    answer: "allow_once",
    by: "person",
  })
  const late = await given.engine.submit({
    type: "approval.answer",
    sessionId: given.id,
    approvalId,
    answer: "reject_once",
  })
  expect(late).toMatchObject({ status: "rejected", code: "approval.not_found" })
  await given.session.until("turn.ended")
  await given.engine.close()
})

test("always, said to one child, holds for its siblings that ask already and for its parent", async () => {
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: ["one", "two"] }), call("shell", { n: "root" }), say("all done")],
    one: [call("shell", { n: 1 }), say("one is done")],
    two: [call("shell", { n: 2 }), say("two is done")],
  })
  const given = await scene(model, { tools: taskTools() })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_always" })
  await given.session.until("turn.ended")
  const answers = given.session.events.flatMap((event) => (event.type === "approval.resolved" ? [event.by] : []))
  expect(answers).toEqual(["person", "policy"])
  expect(given.session.events.filter(({ type }) => type === "rule.added").length).toBe(1)
  await given.engine.close()
})

test("where nobody is there to answer, what a child asks is refused and not waited for", async () => {
  const given = await scene(asking(["one"]), { tools: taskTools() })
  await given.say("go")
  expect(await given.session.until("approval.resolved")).toMatchObject({ answer: "withdrawn", by: "nobody" })
  await given.session.until("turn.ended")
  await given.engine.close()
})

test("whoever could answer leaves: what the children asked gets its one answer", async () => {
  const given = await scene(asking(EIGHT), { tools: taskTools() })
  await eightAsked(given)
  await given.op({ type: "client.detach", clientId: "cli_a" })
  await given.session.until("turn.ended")
  const answers = given.session.events.flatMap((event) => (event.type === "approval.resolved" ? [event.answer] : []))
  expect(answers).toEqual(EIGHT.map(() => "withdrawn"))
  await given.engine.close()
})

test("children that asked when the process was killed ask again when somebody is there, and each is answered once", async () => {
  const logs = memoryLogs()
  const given = await scene(asking(EIGHT), { tools: taskTools(), logs })
  await eightAsked(given)
  // As a kill leaves them: nothing more is written.
  const left = logs.all().map(([, events]) => [...events])
  const again = memoryLogs(left)
  const parent = left.find(([first]) => first?.sessionId === given.id) ?? []
  const names = new Map(EIGHT.map((name) => [name, [say(`${name} is done`)]] as const))
  const model = familyModel(scriptedModel(), { root: [say("I see")], ...Object.fromEntries(names) })
  const { engine, id } = reopened(parent, undefined, { logs: again, tools: taskTools(), model })
  const session = listen(engine, id)
  await engine.submit({ type: "client.attach", sessionId: id, clientId: "cli_b", answers: ["approval"] })
  for (const _ of EIGHT) {
    const { approvalId } = await session.until("approval.requested")
    const receipt = await engine.submit({ type: "approval.answer", sessionId: id, approvalId, answer: "allow_once" })
    expect(receipt.status).toBe("accepted")
  }
  const ended = () => session.events.filter(({ type }) => type === "subagent.ended").length
  while (ended() < EIGHT.length) await session.until("subagent.ended")
  await engine.submit({ type: "session.close", sessionId: id })
  for (const [, events] of again.all()) expect(brokenRules(events)).toEqual([])
  const log = await again.read(id)
  const ends = log.flatMap((event) => (event.type === "subagent.ended" ? [event.text] : []))
  expect(ends.sort()).toEqual(EIGHT.map((name) => `${name} is done`))
  await engine.close()
  await given.engine.close()
})

test("a child's question is asked in its child's name, and in that of whoever began it", async () => {
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "outer" }), say("ok")],
    outer: [call("task", { names: "inner" }), say("ok")],
    inner: [call("shell", { n: 1 }), say("ok")],
  })
  const given = await scene(model, { tools: taskTools(), clock: fakeClock() })
  await given.attach()
  await given.say("go")
  const { approvalId, agent } = await given.session.until("approval.requested")
  expect(agent?.name).toBe("outer › inner")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")
  await given.engine.close()
})

test("what a child asks a client is asked a client of its parent, in the child's name", async () => {
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "one" }), say("ok")],
    one: [call("ask", {}), say("so be it")],
  })
  const ask = {
    run: async (_: unknown, { askClient, hasClient }: RunContext) =>
      `${hasClient?.("fs")} ${await askClient("question", { text: "Which?" }, 60_000)}`,
  }
  const given = await scene(model, { tools: taskTools({ ask }), clock: fakeClock() })
  await given.op({ type: "client.attach", clientId: "cli_a", answers: ["question", "fs"] })
  await given.say("go")
  const { requestId, agent, payload } = await given.session.until("client.requested")
  const { childSessionId } = given.session.events.find((event) => event.type === "subagent.started") ?? {}
  expect([agent, payload]).toEqual([{ name: "one", sessionId: childSessionId ?? "ses_none" }, { text: "Which?" }])
  const child = listen(given.engine, childSessionId ?? "ses_none", 1)
  await given.op({ type: "client.answer", clientId: "cli_a", requestId, result: "the first" })
  expect(await child.until("call.settled")).toMatchObject({ forModel: [{ text: "true the first" }] })
  await given.session.until("turn.ended")
  await given.engine.close()
})
