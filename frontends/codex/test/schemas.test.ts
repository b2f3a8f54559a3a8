import { expect, setDefaultTimeout, test } from "bun:test"
import { call, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { codex } from "./codex-program.ts"
import { realSchemas } from "./real-schemas.ts"
import { serve } from "./talk.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

const schemas = realSchemas()

function talking() {
  const tools = testTools({
    bash: {
      effects: [{ kind: "execute", command: "echo hi", isConfined: true }],
      run: async () => ({
        ...{ forModel: [{ type: "text", text: "hi" }], exitCode: 0 },
        forHuman: { kind: "command", body: "hi\n" },
      }),
    },
  })
  return serve(testEngine(scriptedModel(call("bash", { command: "echo hi" }), say("done")), { tools }))
}

test.skipIf(codex === undefined)(
  "each message of a turn with an approval is as Codex itself describes it",
  async () => {
    const host = talking()
    await host.handshake({ experimentalApi: true })
    const threadId = await host.thread({ approvalPolicy: "untrusted" })
    await host.turn(threadId, "go")
    const asked = await host.next("item/commandExecution/requestApproval")
    host.say({ id: asked.id, result: { decision: "accept" } })
    await host.next("turn/completed")
    for (const [method, params] of [
      ["thread/list", {}],
      ["thread/read", { threadId, includeTurns: true }],
      ["thread/turns/list", { threadId }],
      ["thread/loaded/list", {}],
      ["thread/name/set", { threadId, name: "named" }],
      ["model/list", {}],
      ["account/read", {}],
      ["config/read", {}],
      ["configRequirements/read", {}],
      ["hooks/list", {}],
      ["skills/list", {}],
      ["mcpServerStatus/list", {}],
      ["collaborationMode/list", {}],
      ["thread/fork", { threadId }],
      ["thread/archive", { threadId }],
    ] as const)
      await host.request(method, params)
    await host.end()

    expect(schemas?.defects(host.sent, host.messages)).toEqual([])
  },
)

test.skipIf(codex === undefined)("what Codex would not send is told: a wrong member, method, answer or item", () => {
  const told = schemas?.defects(
    [{ id: 1, method: "thread/read" }],
    [
      { method: "thread/closed", params: {} },
      { method: "thread/vanished", params: {} },
      { id: 1, result: { thread: { id: 7 } } },
      { id: 2, result: {} },
      {
        method: "item/started",
        params: { item: { type: "poem", id: "i" }, startedAtMs: 1, threadId: "t", turnId: "u" },
      },
    ],
  )
  const all = told?.join("\n")
  expect(all).toContain("thread/closed: must have required property 'threadId'")
  expect(all).toContain("Codex sends no thread/vanished")
  expect(all).toContain("thread/read → ThreadReadResponse/thread/id: must be string")
  expect(all).toContain("an answer to no request: 2")
  expect(all).toContain("item/started/item")
})
