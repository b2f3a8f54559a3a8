import { expect, test } from "bun:test"
import {
  fakeHooks,
  memoryLogs,
  openSession,
  play,
  say,
  scriptedModel,
  submitText,
  testEngine,
  transcript,
} from "@skein/testkit"
import { fold } from "../../src/index.ts"
import { brokenRules } from "../invariants.ts"
import { cutAfter, reopened } from "../reopened.ts"
import { scene, untilStopped } from "../scene.ts"

test("a blocked prompt is sent to nobody, is out of the model's view, and the person reads why", async () => {
  const model = scriptedModel(say("the second"))
  const hooks = fakeHooks({
    UserPromptSubmit: ({ prompt }) => (prompt.includes("secret") ? { block: { reason: "it holds a key." } } : {}),
  })
  const logs = memoryLogs()
  const given = await scene(model, { hooks, logs })
  await given.say("the secret is hunter2")
  await given.session.until("turn.ended")
  await given.say("hello")
  await given.session.until("turn.ended")
  await given.engine.close()

  const [, ...told] = transcript(await logs.read(given.id)).split("\n")
  expect(told).toEqual([
    "turn.started user",
    "hook.ran",
    "turn.ended failed hook.blocked",
    "turn.started user",
    "hook.ran",
    "step.started 1.1",
    'item.completed agent_message complete "the second"',
    "step.ended 1 end",
    "turn.ended completed",
  ])
  expect(model.requests).toHaveLength(1)
  expect(JSON.stringify(model.requests[0]?.messages)).not.toContain("hunter2")
  const state = fold(await logs.read(given.id))
  expect(state.items[0]).toMatchObject({
    kind: "notice",
    level: "warning",
    text: "Not sent: a hook blocked this prompt: it holds a key.",
  })
  expect(state.said.map(({ input }) => input)).toEqual([[{ type: "text", text: "hello" }]])
  expect(hooks.points[0]).toMatchObject({
    event: "UserPromptSubmit",
    cwd: "/repo",
    mode: "auto",
    model: "test/scripted",
  })
  expect(brokenRules(await logs.read(given.id))).toEqual([])
})

test("what a hook adds to a prompt stands after it, and is there again when the session is opened again", async () => {
  const model = scriptedModel(say("one"))
  const hooks = fakeHooks({ UserPromptSubmit: () => ({ context: "The branch is main." }) })
  const logs = memoryLogs()
  const given = await scene(model, { hooks, logs })
  await given.say("hello")
  await given.session.until("turn.ended")
  await given.engine.close()
  const text = "A hook that the person allowed says to this prompt:\nThe branch is main."
  expect(model.requests[0]?.messages).toEqual([
    {
      role: "user",
      content: [
        { type: "text", text: "hello" },
        { type: "text", text },
      ],
    },
  ])

  const again = reopened(await logs.read(given.id))
  await submitText(again.engine, again.id, "more")
  await again.engine.close()
  expect(again.model.requests[0]?.messages[0]).toEqual(model.requests[0]?.messages[0])
})

test("a person who steers a turn is heard by hooks first, and what they block is not steered", async () => {
  const model = scriptedModel([new Promise((wake) => setTimeout(wake, 30)), ...say("first")], say("second"))
  const hooks = fakeHooks({
    UserPromptSubmit: ({ prompt }) => (prompt === "bad" ? { block: { reason: "no" } } : {}),
  })
  const given = await scene(model, { hooks })
  await given.say("go")
  await given.session.until("step.started")
  await given.say("bad", "steer")
  await given.say("good", "steer")
  await given.session.until("turn.ended")
  expect(hooks.pointsAt("UserPromptSubmit").map(({ prompt }) => prompt)).toEqual(["go", "bad", "good"])
  const sent = JSON.stringify(model.requests.at(-1)?.messages)
  expect(sent).toContain("good")
  expect(sent).not.toContain("bad")
  await given.engine.close()
})

test("a prompt whose hook was cut off by a crash is read by no model later", async () => {
  const logs = memoryLogs()
  const engine = testEngine(scriptedModel(), {
    logs,
    hooks: fakeHooks({ UserPromptSubmit: () => new Promise(() => {}) }),
  })
  const { id: sessionId } = await openSession(engine)
  await submitText(engine, sessionId, "unseen")
  const left = cutAfter(await logs.read(sessionId), "turn.started")

  const again = reopened(left)
  await submitText(again.engine, again.id, "next")
  await again.engine.close()
  expect(JSON.stringify(again.model.requests)).not.toContain("unseen")
  expect(JSON.stringify(again.model.requests)).toContain("next")
  expect(brokenRules(await again.log())).toEqual([])
})

test("an interrupt ends a hook that looks at a prompt, and the prompt is read by nobody", async () => {
  const model = scriptedModel(say("later"))
  let calls = 0
  const hooks = fakeHooks({
    UserPromptSubmit: (_, signal) => (calls++ === 0 ? untilStopped(signal) : {}),
  })
  const logs = memoryLogs()
  const given = await scene(model, { hooks, logs })
  await given.say("unseen")
  while (calls === 0) await new Promise((wake) => setTimeout(wake, 1))
  await given.op({ type: "turn.interrupt" })
  await given.say("next")
  await given.session.until("turn.ended")
  await given.session.until("turn.ended")
  await given.engine.close()
  expect(JSON.stringify(model.requests)).not.toContain("unseen")
  expect(brokenRules(await logs.read(given.id))).toEqual([])
})

test("a hook that says to stop ends the turn before anybody is asked", async () => {
  const model = scriptedModel()
  const hooks = fakeHooks({ UserPromptSubmit: () => ({ stop: { reason: "it is Sunday" } }) })
  const logs = memoryLogs()
  expect(await play(model, { hooks, logs }, "hello")).toEndWith("turn.ended interrupted")
  const [, log = []] = logs.all()[0] ?? []
  expect(log.findLast((event) => event.type === "turn.ended")).toMatchObject({
    outcome: { kind: "interrupted", message: "Stopped by a hook: it is Sunday" },
  })
})

test("a hook that ends the turn at a steered prompt lets it wait for the next one", async () => {
  const model = scriptedModel([new Promise((wake) => setTimeout(wake, 30)), ...say("first")], say("second"))
  let isFirst = true
  const hooks = fakeHooks({
    UserPromptSubmit: ({ prompt }) => {
      if (prompt !== "more" || !isFirst) return {}
      isFirst = false
      return { stop: { reason: "enough" } }
    },
  })
  const given = await scene(model, { hooks })
  await given.say("go")
  await given.session.until("step.started")
  await given.say("more", "steer")
  expect((await given.session.until("turn.ended")).outcome.kind).toBe("interrupted")
  expect((await given.session.until("turn.started")).source).toBe("queue")
  await given.session.until("turn.ended")
  expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain("more")
  await given.engine.close()
})
