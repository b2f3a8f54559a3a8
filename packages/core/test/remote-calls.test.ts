import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import { ASKED, scene } from "./scene.ts"

test("what is there is found out before a turn's first request, and the same turn tells of it", async () => {
  const tools = testTools({ early: { run: () => "" }, late: { run: () => "" } })
  let isThere = false
  const model = scriptedModel(say("hello"))
  const given = await scene(model, {
    tools: {
      ...tools,
      refresh: async () => {
        await Promise.resolve()
        isThere = true
      },
      offered: (offer) => tools.offered(offer).filter(({ name }) => isThere || name !== "late"),
    },
  })
  await given.say("go")
  await given.session.until("turn.ended")
  expect(model.requests[0]?.tools.map(({ name }) => name)).toEqual(["early", "late"])
})

test("a turn does not begin without what a person said that it needs, and says why", async () => {
  const refresh = () => Promise.reject(new SkeinError("op.unsupported", "The server x is required and did not start."))
  const model = scriptedModel(say("hello"))
  const given = await scene(model, { tools: { ...testTools({}), refresh }, onDefect: () => undefined })
  await given.say("go")
  expect((await given.session.until("turn.ended")).outcome).toMatchObject({
    kind: "failed",
    message: "The server x is required and did not start.",
  })
  expect(model.requests).toEqual([])
})

test("a turn that waits for what it needs is interrupted at once, and asks nobody", async () => {
  const begun = Promise.withResolvers<void>()
  const refresh = () => {
    begun.resolve()
    return new Promise<void>(() => undefined)
  }
  const model = scriptedModel(say("hello"))
  const given = await scene(model, { tools: { ...testTools({}), refresh } })
  await given.say("go")
  await begun.promise
  await given.op({ type: "turn.interrupt" })
  expect((await given.session.until("turn.ended")).outcome.kind).toBe("interrupted")
  expect(model.requests).toEqual([])
}, 5_000)

test("a call that a person said yes to knows that, and one that was simply allowed does not take it for that", async () => {
  const seen: (boolean | undefined)[] = []
  const run = (_: unknown, { isAnswered }: { readonly isAnswered?: boolean | undefined }) => {
    seen.push(isAnswered)
    return "done"
  }
  const tools = testTools({ asked: { ...ASKED, run }, free: { run } })
  const given = await scene(scriptedModel(call("asked", {}), call("free", {}), say("done")), { tools })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")
  expect(seen).toEqual([true, false])
})
