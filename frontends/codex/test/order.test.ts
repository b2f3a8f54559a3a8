import { expect, setDefaultTimeout, test } from "bun:test"
import type { Engine } from "@skein/protocol"
import { call, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { serve } from "./talk.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

test("over a pipe too, an answer of the client's is taken while a request of its waits for what it leads to", async () => {
  const tools = testTools({
    bash: {
      effects: [{ kind: "execute", command: "echo hi", isConfined: true }],
      run: async () => ({ forModel: [{ type: "text", text: "hi" }], exitCode: 0 }),
    },
  })
  const inner = testEngine(scriptedModel(call("bash", { command: "echo hi" }), say("done")), { tools })
  const answered = Promise.withResolvers<void>()
  const submit: Engine["submit"] = async (op) => {
    if (op.type === "approval.answer") answered.resolve()
    if (op.type === "session.change") await answered.promise
    return inner.submit(op)
  }
  const host = serve({ ...inner, submit, ask: (query) => inner.ask(query), events: (of) => inner.events(of) })
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "untrusted" })
  await host.turn(threadId, "go")
  const asked = await host.next("item/commandExecution/requestApproval")
  const named = host.request("thread/name/set", { threadId, name: "ours" })
  host.say({ id: asked.id, result: { decision: "accept" } })
  expect((await named).error).toBeUndefined()
  expect((await host.next("turn/completed")).params).toMatchObject({ turn: { status: "completed" } })
  await host.end()
})
