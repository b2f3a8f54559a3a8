import { expect, test } from "bun:test"
import { methods } from "@agentclientprotocol/sdk"
import { call, say, TEST_SETTINGS, testEngine, testTools } from "@skein/testkit"
import { type Asking, connect, served, text } from "./client.ts"
import { modelBy } from "./scripts.ts"

const { session } = methods.agent
/** The clock of the tests jumps over anything shorter. */
const DEADLINE_MS = 86_400_000_000
const QUESTIONS = [
  {
    ...{ header: "Colour", question: "Which colour?", isMultiple: false, isFree: false },
    options: [{ label: "Red", description: "warm" }, { label: "Blue" }],
  },
  {
    ...{ header: "Parts", question: "Which parts?", isMultiple: true, isFree: true },
    options: [{ label: "lexer" }, { label: "parser" }],
  },
]

async function asked(asking: Asking): Promise<string> {
  const heard = Promise.withResolvers<string>()
  const tools = testTools({
    ask: {
      timeoutMs: DEADLINE_MS,
      async run(_, { askClient, callId }) {
        const answer = askClient("question", { callId, questions: QUESTIONS }, DEADLINE_MS)
        heard.resolve(
          JSON.stringify(await answer.catch((error: unknown) => `${error instanceof Error && error.message}`)),
        )
        return "asked"
      },
    },
  })
  const engine = testEngine(modelBy({ paint: [call("ask", {}), say("Done.")] }), { tools, settings: TEST_SETTINGS })
  const host = await connect(served(engine), asking)
  const { sessionId } = await host.agent.request(session.new, { cwd: "/repo", mcpServers: [] })
  await host.agent.request(session.prompt, { sessionId, prompt: text("paint") })
  await host.close()
  return heard.promise
}

test("a client that shows forms is asked by one, and its answers reach the model", async () => {
  const forms: unknown[] = []
  const said = await asked({
    capabilities: { elicitation: { form: {} } },
    form: (params) => {
      forms.push(params)
      return { action: "accept", content: { choice1: "Blue", choice2: ["parser"], text2: "and tests" } }
    },
  })
  expect(said).toBe(JSON.stringify({ answers: [{ chosen: ["Blue"] }, { chosen: ["parser"], text: "and tests" }] }))
  expect(forms).toMatchObject([
    {
      mode: "form",
      message: "Which colour?\nWhich parts?",
      requestedSchema: {
        required: ["choice1"],
        properties: {
          choice1: {
            type: "string",
            title: "Colour",
            oneOf: [{ const: "Red", description: "warm" }, { const: "Blue" }],
          },
          choice2: { type: "array", items: { anyOf: [{ const: "lexer" }, { const: "parser" }] } },
          text2: { type: "string" },
        },
      },
    },
  ])
})

test("a person who leaves the form has answered nothing, and a client without forms is not asked", async () => {
  expect(await asked({ capabilities: { elicitation: { form: {} } }, form: () => ({ action: "cancel" }) })).toBe('""')
  expect(await asked({})).toContain("No client answers requests of kind question")
})
