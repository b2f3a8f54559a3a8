import { expect, test } from "bun:test"
import { methods } from "@agentclientprotocol/sdk"
import type { Engine, Op, Receipt } from "@skein/protocol"
import { type Scripted, say, testEngine } from "@skein/testkit"
import { connect, served, text } from "./client.ts"
import { modelBy } from "./scripts.ts"

const { session } = methods.agent

/** An engine whose ops go through `submit` first. */
function through(engine: Engine, submit: (op: Op, next: () => Promise<Receipt>) => Promise<Receipt>): Engine {
  return {
    submit: (op) => submit(op, () => engine.submit(op)),
    ask: (query) => engine.ask(query),
    events: (subscription) => engine.events(subscription),
  }
}

async function opened(engine: Engine) {
  const host = await connect(served(engine))
  const { sessionId } = await host.agent.request(session.new, { cwd: "/repo", mcpServers: [] })
  const prompt = async (words: string) =>
    (await host.agent.request(session.prompt, { sessionId, prompt: text(words) })).stopReason
  const cancel = () => host.agent.notify(session.cancel, { sessionId })
  return { ...host, sessionId, prompt, cancel }
}

const forever = new Promise(() => {})
const endless: Scripted = [[{ type: "text", index: 0, text: "Let me" }], forever]

test("a cancel that comes while a turn is being started stops it all the same", async () => {
  const submitted = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  const engine = through(testEngine(modelBy({ wait: [endless] })), async (op, next) => {
    if (op.type === "turn.submit") {
      submitted.resolve()
      await stopped.promise
    }
    const receipt = await next()
    if (op.type === "turn.interrupt") stopped.resolve()
    return receipt
  })
  const host = await opened(engine)
  const answer = host.prompt("wait")
  await submitted.promise
  await host.cancel()

  expect(await answer).toBe("cancelled")
  await host.close()
})

test("a prompt whose turn was over before its cancel took effect is answered cancelled", async () => {
  const late = Promise.withResolvers<void>()
  const slow: Scripted = [[{ type: "text", index: 0, text: "Let me" }], late.promise, ...say(" see")]
  const engine = through(testEngine(modelBy({ wait: [slow] })), async (op, next) => {
    if (op.type !== "turn.interrupt") return next()
    late.resolve()
    return { status: "rejected", code: "turn.not_running", message: "No turn is running." }
  })
  const host = await opened(engine)
  const answer = host.prompt("wait")
  await host.until(host.sessionId, ({ sessionUpdate }) => sessionUpdate === "agent_message_chunk")
  await host.cancel()

  expect(await answer).toBe("cancelled")
  await host.close()
})

test("a cancel holds for every prompt that was sent before it", async () => {
  const host = await opened(testEngine(modelBy({ wait: [endless], never: [say("Never said.")] })))
  const answers = [host.prompt("wait"), host.prompt("never")]
  await host.until(host.sessionId, ({ sessionUpdate }) => sessionUpdate === "agent_message_chunk")
  await host.cancel()

  expect(await Promise.all(answers)).toEqual(["cancelled", "cancelled"])
  await host.close()
})

test("a prompt request that is taken back stops its own turn and no other", async () => {
  const host = await opened(testEngine(modelBy({ wait: [endless], hello: [say("Hi")] })))
  const { sessionId } = host
  const stop = new AbortController()
  const options = { cancellationSignal: stop.signal }
  const first = host.agent.request(session.prompt, { sessionId, prompt: text("wait") }, options)
  const settled = first.catch((error: unknown) => error)
  const second = host.prompt("hello")
  await host.until(sessionId, ({ sessionUpdate }) => sessionUpdate === "agent_message_chunk")
  stop.abort()

  expect(await second).toBe("end_turn")
  await settled
  await host.close()
})
