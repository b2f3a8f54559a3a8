import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, openSession, say, scriptedModel, submitText, TEST_SETTINGS, testEngine, testTools } from "@skein/testkit"

const tools = testTools({ shell: { effects: [{ kind: "execute", command: "make", isConfined: true }], run: () => "" } })

test("a session starts with the settings of its own folder, and its client's over them", async () => {
  const engine = testEngine(scriptedModel(), {
    settingsFor: (path) => ({ ...TEST_SETTINGS, mode: path === "/narrow" ? "plan" : "auto", effort: "low" }),
  })
  const settingsIn = async (cwd: string) => {
    const receipt = await engine.submit({ type: "session.create", cwd, settings: { effort: "high" } })
    if (receipt.status === "rejected") throw new Error(receipt.message)
    const { settings } = await engine.ask({ type: "session.read", sessionId: receipt.sessionId })
    return [settings.mode, settings.effort as string]
  }

  expect([await settingsIn("/narrow"), await settingsIn("/wide")]).toEqual([
    ["plan", "high"],
    ["auto", "high"],
  ])
})

test("the rules of a session's own folder hold for its calls", async () => {
  const engine = testEngine(scriptedModel(call("shell", {}), say("done")), {
    tools,
    rulesFor: (path) => (path === "/repo" ? [{ tool: "shell", decision: "deny", scope: "project" }] : []),
  })
  const session = await openSession(engine)
  await submitText(engine, session.id, "make it")

  expect(await session.until("call.settled")).toMatchObject({ outcome: "error", code: "call.denied" })
  await session.until("turn.ended")
  await engine.close()
})

test("a folder whose configuration cannot be used takes no session and leaves no log", async () => {
  const engine = testEngine(scriptedModel(), {
    settingsFor() {
      throw new SkeinError("config.invalid", "Cannot read /repo/.skein/config.toml.")
    },
  })

  expect(await engine.submit({ type: "session.create", cwd: "/repo" })).toMatchObject({ code: "config.invalid" })
  expect(await engine.ask({ type: "sessions.list" })).toEqual([])
})
