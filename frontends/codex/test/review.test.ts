import { expect, test } from "bun:test"
import { call, say, scriptedModel, TEST_SETTINGS, testEngine, testTools } from "@skein/testkit"
import { type Message, serve } from "./talk.ts"

const tools = testTools({
  write: { effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }], run: () => "written" },
})

const itemOf = ({ method, params }: Message) => {
  const item = params?.item as { readonly type?: string; readonly review?: string; readonly text?: string } | undefined
  return item === undefined ? [] : [`${method} ${item.type} ${item.review ?? item.text ?? ""}`.trim()]
}

test("a review is a turn that changes nothing, told as entered, left, and whole at its end", async () => {
  const model = scriptedModel([...call("write", {})], say("It is right.\n"), say("Hello."))
  const host = serve(testEngine(model, { tools, settings: TEST_SETTINGS }))
  await host.handshake()
  const threadId = await host.thread()
  const started = await host.request("review/start", { threadId, target: { type: "baseBranch", branch: "main" } })
  expect(started.result).toMatchObject({ reviewThreadId: threadId, turn: { status: "inProgress" } })
  await host.next("turn/completed")

  expect(host.messages.flatMap(itemOf).filter((line) => /ReviewMode|agentMessage/.test(line))).toEqual([
    "item/started enteredReviewMode changes against 'main'",
    "item/completed enteredReviewMode changes against 'main'",
    "item/started exitedReviewMode It is right.",
    "item/completed exitedReviewMode It is right.",
    "item/started agentMessage It is right.",
    "item/completed agentMessage It is right.",
  ])
  expect(host.messages.some(({ method }) => method === "item/agentMessage/delta")).toBe(false)
  expect(JSON.stringify(model.requests[0]?.messages)).toContain("against the base branch 'main'")
  expect(JSON.stringify(model.requests[1]?.messages)).toContain("mode plan forbids it")

  await host.turn(threadId, "hello")
  await host.next("turn/completed")
  expect(host.messages.flatMap(itemOf)).toContain("item/completed agentMessage Hello.")
  await host.end()
})

test("a review of nothing that is known is refused, in words", async () => {
  const host = serve(testEngine(scriptedModel(say("x")), { tools, settings: TEST_SETTINGS }))
  await host.handshake()
  const threadId = await host.thread()
  const refused = async (target: Record<string, unknown>) =>
    (await host.request("review/start", { threadId, target })).error?.message
  expect(await refused({ type: "custom", instructions: "  " })).toBe("Invalid request: instructions must not be blank")
  expect(await refused({ type: "moon" })).toBe("Invalid request: unknown review target")
  await host.end()
})
