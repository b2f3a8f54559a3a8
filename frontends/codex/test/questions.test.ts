import { expect, setDefaultTimeout, test } from "bun:test"
import { call, say, scriptedModel, TEST_SETTINGS, testEngine, testTools } from "@skein/testkit"
import { realSchemas } from "./real-schemas.ts"
import { serve } from "./talk.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

/** The clock of the tests jumps over anything shorter. */
const DEADLINE_MS = 86_400_000_000
const QUESTIONS = [
  {
    ...{ header: "Colour", question: "Which colour?", isMultiple: false, isFree: true },
    options: [{ label: "Red", description: "warm" }, { label: "Blue" }],
  },
  { header: "Name", question: "Which name?", isMultiple: false, isFree: true, options: [] },
]

function asking(more: Readonly<Record<string, unknown>> = {}) {
  const tools = testTools({
    ask: {
      timeoutMs: DEADLINE_MS,
      async run(_, { askClient, callId }) {
        const asked = askClient("question", { callId, questions: QUESTIONS, ...more }, DEADLINE_MS)
        return JSON.stringify(await asked.catch((error: unknown) => `left: ${error instanceof Error && error.message}`))
      },
    },
  })
  const model = scriptedModel(call("ask", {}), say("Done."))
  return { model, host: serve(testEngine(model, { tools, settings: TEST_SETTINGS })) }
}

test("the model's questions are asked by item/tool/requestUserInput, and its answers reach the model", async () => {
  const { model, host } = asking()
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "on-request" })
  await host.turn(threadId, "paint it")
  const asked = await host.next("item/tool/requestUserInput")
  expect(asked.params).toMatchObject({
    threadId,
    isBlocking: true,
    questions: [
      {
        ...{ id: "q1", header: "Colour", question: "Which colour?", isOther: true, isSecret: false },
        options: [
          { label: "Red", description: "warm" },
          { label: "Blue", description: "" },
        ],
      },
      { id: "q2", isOther: false, options: null },
    ],
  })
  const answers = { q1: { answers: ["Blue", "user_note: a dark one"] }, q2: { answers: ["sea"] } }
  host.say({ id: asked.id ?? 0, result: { answers } })
  await host.next("turn/completed")
  const told = {
    answers: [
      { chosen: ["Blue"], text: "a dark one" },
      { chosen: [], text: "sea" },
    ],
  }
  expect(JSON.stringify(model.requests[1]?.messages)).toContain(JSON.stringify(JSON.stringify(told)).slice(1, -1))
  await host.end()
})

test("an interrupted turn takes its question back", async () => {
  const { host } = asking()
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "on-request" })
  await host.turn(threadId, "paint it")
  const { id, params } = await host.next("item/tool/requestUserInput")
  void host.request("turn/interrupt", { threadId, turnId: params?.turnId })
  expect((await host.next("serverRequest/resolved")).params).toEqual({ threadId, requestId: id })
  await host.end()
})

const SCHEMA = { type: "object", properties: { colour: { type: "string" } }, required: ["colour"] }

for (const [mode, asks] of [
  ["form", { schema: SCHEMA }],
  ["url", { url: "https://files.example/login" }],
] as const) {
  test(`what an MCP server asks by ${mode} is its own request, and the answer reaches it whole`, async () => {
    const { model, host } = asking({ elicitation: { server: "files", message: "Which?", ...asks } })
    await host.handshake()
    const threadId = await host.thread({ approvalPolicy: "on-request" })
    await host.turn(threadId, "paint it")
    const asked = await host.next("mcpServer/elicitation/request")
    expect(asked.params).toMatchObject({
      ...{ threadId, serverName: "files", message: "Which?", mode },
      ...(mode === "form" ? { requestedSchema: SCHEMA } : asks),
    })
    expect(realSchemas()?.defects([], [asked]) ?? []).toEqual([])
    host.say({ id: asked.id, result: { action: "accept", content: { colour: "Blue" } } })
    await host.next("turn/completed")
    const told = JSON.stringify({ elicited: { action: "accept", content: { colour: "Blue" } } })
    expect(JSON.stringify(model.requests[1]?.messages)).toContain(JSON.stringify(told).slice(1, -1))
    await host.end()
  })
}
