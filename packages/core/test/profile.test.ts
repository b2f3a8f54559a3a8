import { expect, test } from "bun:test"
import { memoryLogs, say, scriptedModelWith, submitText, testEngine, testTools } from "@skein/testkit"
import type { SourcesPort, ToolsPort } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

const all = testTools({ read: { run: () => "" }, tree: { run: () => "" } })
const tools: ToolsPort = {
  ...all,
  offered: ({ profile }) => all.list().filter(({ name }) => profile !== "compact" || name === "read"),
}
const sources: SourcesPort = {
  gather: async ({ profile = "standard" }) => [
    { source: "instructions", text: profile, sha256: profile, bytes: profile.length },
  ],
  touched: async () => [],
}
/** What is chosen for a model by its name. */
const profileFor = (model: string) =>
  model === "test/small"
    ? ({ profile: "compact", notice: "It is small." } as const)
    : ({ profile: "standard" } as const)

test("what stands before a conversation is chosen by its first model, said once, and stays with other models and a resume", async () => {
  const logs = memoryLogs()
  const model = scriptedModelWith({}, say("1"), say("2"), say("3"))
  const ports = { tools, sources, profileFor, logs }
  const first = await scene(model, ports, { model: "test/small" })
  await first.say("go")
  await first.session.until("turn.ended")
  await first.op({ type: "settings.change", changes: { model: "test/large" } })
  await first.say("go on")
  await first.session.until("turn.ended")
  const report = await first.engine.ask({ type: "context.report", sessionId: first.id })
  await first.engine.close()
  const again = testEngine(model, ports)
  await submitText(again, first.id, "and on")
  while (model.requests.length < 3) await Bun.sleep(1)
  await again.close()

  const seen = model.requests.map(({ system, tools: offered }) => [...system, ...offered.map(({ name }) => name)])
  expect(seen).toEqual(Array(3).fill(["compact", "read"]))
  expect(report.profile).toBe("compact")
  const notices = (await logs.read(first.id)).filter(({ type }) => type === "notice.posted")
  expect(notices).toMatchObject([{ level: "info", code: "context.compact", text: "It is small." }])
})

test("a session that began with the standard instructions and tools keeps them with a small model", async () => {
  const model = scriptedModelWith({}, say("1"), say("2"))
  const given = await scene(model, { tools, sources, profileFor }, { model: "test/large" })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.op({ type: "settings.change", changes: { model: "test/small" } })
  await given.say("go on")
  await given.session.until("turn.ended")
  await given.engine.close()
  expect(model.requests.map(({ system, tools: offered }) => [system, offered.length])).toEqual(
    Array(2).fill([["standard"], 2]),
  )
})
