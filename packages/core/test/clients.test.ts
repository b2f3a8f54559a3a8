import { expect, test } from "bun:test"
import type { Op } from "@skein/protocol"
import { call, fakeClock, say, scriptedModel, submit, type TestTool, testTools } from "@skein/testkit"
import { scene } from "./scene.ts"

/** Asks whoever answers questions, for at most a second. */
const asking: TestTool["run"] = async (_, { askClient }) =>
  `answer: ${await askClient("question", { text: "Why?" }, 1_000)}`

/** A session in which a tool asks a client, as far as the question. */
async function asked() {
  const clock = fakeClock()
  const tools = testTools({ asks: { run: asking } })
  const given = await scene(scriptedModel(call("asks", {}), say("done")), { clock, tools })
  const attach = (clientId: `cli_${string}`, ...answers: Op<"client.attach">["answers"]) =>
    submit(given.engine, { type: "client.attach", sessionId: given.id, clientId, answers })
  await attach("cli_a", "question")
  await attach("cli_b", "approval", "fs")
  await given.say("go")
  const request = await given.session.until("client.requested")
  return { ...given, clock, request }
}

test("a tool asks the client that offered to answer, and goes on with its answer", async () => {
  const { op, session, request } = await asked()
  expect(request).toMatchObject({ clientId: "cli_a", kind: "question", payload: { text: "Why?" }, deadlineMs: 1_000 })
  await op({ type: "client.answer", clientId: "cli_a", requestId: request.requestId, result: "because" })

  expect(await session.until("call.settled")).toMatchObject({
    outcome: "success",
    forModel: [{ type: "text", text: "answer: because" }],
  })
})

test("a client that refuses, goes away or says nothing is a failure of the call with a code, never a hang", async () => {
  const refused = await asked()
  const { requestId } = refused.request
  await refused.op({ type: "client.answer", clientId: "cli_a", requestId, error: "No time." })
  const gone = await asked()
  await gone.op({ type: "client.detach", clientId: "cli_a" })
  const silent = await asked()
  silent.clock.advance(1_000)

  const settled = await Promise.all([refused, gone, silent].map(({ session }) => session.until("call.settled")))
  expect(settled.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual([
    "error client.refused",
    "error client.gone",
    "error client.deadline",
  ])
})

test("an interrupt takes the question back, and an answer that is too late or another client's is refused", async () => {
  const { engine, id, op, session, request } = await asked()
  const { requestId } = request
  const answer = (clientId: `cli_${string}`) =>
    engine.submit({ type: "client.answer", sessionId: id, clientId, requestId, result: "because" })
  expect(await answer("cli_b")).toMatchObject({ status: "rejected", code: "op.invalid" })
  await op({ type: "turn.interrupt" })

  expect(await session.until("call.settled")).toMatchObject({ outcome: "cancelled" })
  expect(await answer("cli_a")).toMatchObject({ status: "rejected", code: "op.invalid" })
})

test("with nobody to answer a question, the call fails at once", async () => {
  const tools = testTools({ asks: { run: asking } })
  const given = await scene(scriptedModel(call("asks", {}), say("done")), { tools })
  await given.say("go")
  expect(await given.session.until("call.settled")).toMatchObject({ outcome: "error", code: "client.gone" })
})

test("a tool knows what clients offered to answer, and before it is watched what they hold is saved", async () => {
  const did: string[] = []
  const tools = testTools({
    looks: {
      effects: [{ kind: "write", paths: ["/w/a.ts"], isInside: true }],
      run: async (_, { hasClient }) => {
        did.push("run")
        return `fs: ${hasClient?.("fs")}, terminal: ${hasClient?.("terminal")}`
      },
    },
  })
  const saving = { ...tools, beforeWatch: async ({ name }: { readonly name: string }) => void did.push(`save ${name}`) }
  const given = await scene(scriptedModel(call("looks", {}), say("done")), { tools: saving })
  await given.op({ type: "client.attach", clientId: "cli_a", answers: ["fs"] })
  await given.say("go")

  expect(await given.session.until("call.settled")).toMatchObject({
    forModel: [{ type: "text", text: "fs: true, terminal: false" }],
  })
  expect(did).toEqual(["save looks", "run"])
})
