import { expect, test } from "bun:test"
import { methods } from "@agentclientprotocol/sdk"
import { SkeinError } from "@skein/protocol"
import { memoryLogs, type Scripted, say, testEngine } from "@skein/testkit"
import { connect, outline, served, text } from "./client.ts"
import { modelBy } from "./scripts.ts"

const { session } = methods.agent

async function started(scripts: Record<string, readonly Scripted[]>, ports: Parameters<typeof testEngine>[1] = {}) {
  const engine = testEngine(modelBy(scripts), ports)
  const host = await connect(served(engine))
  const open = async () => (await host.agent.request(session.new, { cwd: "/repo", mcpServers: [] })).sessionId
  const prompt = (sessionId: string, words: string) =>
    host.agent.request(session.prompt, { sessionId, prompt: text(words) })
  const listed = async () =>
    (await host.agent.request(session.list, {})).sessions.map(({ sessionId }) => sessionId).toSorted()
  const said = async (sessionId: string) => {
    const view = await engine.ask({ type: "session.read", sessionId: sessionId as `ses_${string}` })
    return view.items.flatMap((item) => (item.kind === "user_message" ? item.input : []))
  }
  return { ...host, engine, open, prompt, listed, said }
}

const words = (...all: readonly string[]) => all.map((each) => ({ type: "text" as const, text: each }))

test("a client is told that sessions can be forked, deleted, archived and named", async () => {
  const { welcome, close } = await started({})
  expect(welcome.agentCapabilities?.sessionCapabilities).toMatchObject({ delete: {}, fork: {}, archive: {}, title: {} })
  await close()
})

test("a fork begins with what was said, and what is said in it stays in it", async () => {
  const host = await started({ one: [say("1")], two: [say("2")] })
  const sessionId = await host.open()
  await host.prompt(sessionId, "one")
  const params = { sessionId, cwd: "/elsewhere", mcpServers: [] }
  const fork = (await host.agent.request("session/fork", params)) as { sessionId: string; modes?: unknown }
  await host.prompt(fork.sessionId, "two")

  expect(fork.modes).toBeDefined()
  expect(await host.said(sessionId)).toEqual(words("one"))
  expect(await host.said(fork.sessionId)).toEqual(words("one", "two"))
  const view = await host.engine.ask({ type: "session.read", sessionId: fork.sessionId as `ses_${string}` })
  expect(view.cwd).toBe("/elsewhere")
  await host.close()
})

test("a deleted session is in no list, and deleting what is not there is no error", async () => {
  const host = await started({ one: [say("1")], two: [say("2")] })
  const [a, b] = [await host.open(), await host.open()]
  await host.prompt(a, "one")
  await host.prompt(b, "two")
  await host.agent.request("session/delete", { sessionId: a })
  await host.agent.request("session/delete", { sessionId: a })

  expect(await host.listed()).toEqual([b])
  const late = await host.prompt(a, "one").catch((error: Error) => error.message)
  expect(late).toContain("is not open")
  await host.close()
})

test("a session that is gone from the disk is deleted without an error, and what cannot be deleted is told", async () => {
  const errors = [new SkeinError("session.not_found", "It is gone."), new SkeinError("session.in_use", "It is open.")]
  const logs = {
    ...memoryLogs(),
    delete: async () => {
      throw errors.shift()
    },
  }
  const host = await started({}, { logs })
  const remove = () => host.agent.request("session/delete", { sessionId: "ses_1" })

  expect(await remove()).toEqual({})
  expect(await remove().catch((error: Error) => error.message)).toContain("It is open.")
  await host.close()
})

test("an archived session is let go of, leaves the list and comes back to it", async () => {
  const host = await started({ one: [say("1")] })
  const sessionId = await host.open()
  await host.prompt(sessionId, "one")
  await host.agent.request("session/archive", { sessionId })
  const archived = await host.listed()
  const late = await host.prompt(sessionId, "one").catch((error: Error) => error.message)
  await host.agent.request("session/unarchive", { sessionId })

  expect(archived).toEqual([])
  expect(late).toContain("is not open")
  expect(await host.listed()).toEqual([sessionId])
  await host.close()
})

test("a session is named, without the space around the name, and no name is none", async () => {
  const host = await started({ one: [say("1")] })
  const sessionId = await host.open()
  await host.prompt(sessionId, "one")
  const named = await host.agent.request("session/set_title", { sessionId, title: "  the way back " })
  const empty = await host.agent.request("session/set_title", { sessionId, title: " " }).catch((error) => error)
  const missing = await host.agent.request("session/set_title", { sessionId: "ses_0", title: "x" }).catch((e) => e)

  expect(named).toEqual({ title: "the way back" })
  expect(empty).toMatchObject({ code: -32602 })
  expect(missing).toMatchObject({ code: -32002 })
  expect((await host.agent.request(session.list, {})).sessions).toMatchObject([{ sessionId, title: "the way back" }])
  await host.close()
})

test("a session that is asked for twice at once is opened once: nothing is told twice", async () => {
  const first = await started({ one: [say("1")], two: [say("the second")] })
  const sessionId = await first.open()
  await first.prompt(sessionId, "one")
  await first.agent.request(session.close, { sessionId })
  const { agent, updates, close } = await connect(served(first.engine))
  const params = { sessionId, cwd: "/repo", mcpServers: [] }
  await Promise.all([agent.request(session.resume, params), agent.request(session.resume, params)])
  await agent.request(session.prompt, { sessionId, prompt: text("two") })
  const told = outline(updates(sessionId)).filter((line) => line.startsWith("agent_message_chunk"))
  expect(told).toEqual(['agent_message_chunk "the second"'])
  await close()
  await first.close()
})

test("a notice of the engine's is no message, and a fact that stands is told a session once, also when it is opened again", async () => {
  const code = "model.window_unknown" as const
  const notice = [[{ type: "notice" as const, code, text: "Nobody knows." }]]
  const hi = [...notice, ...say("Hi")]
  const scripts = { hello: [hi], again: [hi] }
  const host = await started(scripts)
  const sessionId = await host.open()
  const chunks = () => outline(host.updates(sessionId)).filter((line) => line.includes("chunk"))
  await host.prompt(sessionId, "hello")
  expect(chunks()).toEqual([
    `agent_thought_chunk ${JSON.stringify("\n\nNobody knows.\n\n")}`,
    'agent_message_chunk "Hi"',
  ])
  await host.agent.request(session.close, { sessionId })
  const before = chunks().length
  await host.agent.request(session.load, { sessionId, cwd: "/repo", mcpServers: [] })
  await host.prompt(sessionId, "again")
  expect(
    chunks()
      .slice(before)
      .filter((line) => line.includes("Nobody")),
  ).toEqual([])
  await host.close()
})
