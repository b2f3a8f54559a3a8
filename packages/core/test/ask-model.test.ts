import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, fail, say, scriptedModel, testTools } from "@skein/testkit"
import { scene } from "./scene.ts"

/** A tool that asks a model one question, and gives its answer. */
const tools = testTools({
  ask: {
    run: (_, { askModel }) =>
      askModel?.({ task: "review", instructions: "Review.", text: "the code", outputTokensMax: 100 }) ?? "nobody",
  },
})

test("a tool asks the model of a task beside the conversation, at the session's cost, and without tools", async () => {
  const model = scriptedModel(call("ask", {}), say("It is fine."), say("Done."))
  const given = await scene(model, { tools, taskFor: () => ({ kind: "model", model: "test/other", why: "so" }) })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(model.requests.map(({ model: name, tools: offered, cacheKey }) => [name, offered.length, cacheKey])).toEqual([
    ["test/scripted", 1, given.id],
    ["test/other", 0, `${given.id}-review`],
    ["test/scripted", 1, given.id],
  ])
  expect(JSON.stringify(model.requests[2]?.messages)).toContain("It is fine.")
  const spent = given.session.events.filter((event) => event.type === "usage.recorded")
  expect(spent).toMatchObject([{ purpose: "tool", model: "test/other" }])
})

test("a tool whose model may not be asked, or cannot answer, fails in words for the model", async () => {
  const off = scriptedModel(call("ask", {}), say("Done."))
  const closed = await scene(off, { tools, taskFor: () => ({ kind: "off", why: "tasks.review says so" }) })
  await closed.say("go")
  await closed.session.until("turn.ended")
  expect(JSON.stringify(off.requests[1]?.messages)).toContain("tasks.review says so. Do it yourself.")

  const refusing = scriptedModel(call("ask", {}), fail(new SkeinError("provider.refused", "No.")), say("Done."))
  const given = await scene(refusing, { tools, taskFor: () => ({ kind: "rule", why: "so" }) })
  await given.say("go")
  await given.session.until("turn.ended")
  expect(JSON.stringify(refusing.requests[2]?.messages)).toContain("Do it yourself, or try again.")
})
