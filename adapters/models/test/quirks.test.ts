import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { models } from "../src/index.ts"
import { READ_TOOL, realClock, requestOf } from "./asking.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-quirks-"))
afterAll(() => rmSync(folder, { recursive: true }))

type Body = Readonly<Record<string, unknown>>
/** What the server says against a body; undefined when it takes it. */
type Strictness = (body: Body) => string | undefined

const OK = `data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`

let files = 0

/** A chat server that refuses, and someone who asks it until it is taken, as the core would. */
function against(strictness: Strictness, file = join(folder, `${++files}`, "quirks.json")) {
  const bodies: Body[] = []
  const port = models({
    env: {},
    key: () => undefined,
    providers: [{ id: "mine", name: "Mine", wire: "openai-chat", baseUrl: "https://mine.test/v1" }],
    overrides: { "mine/m": { contextTokens: 100_000 } },
    clock: { ...realClock, now: () => Date.UTC(2026, 10, 21) },
    quirksFile: file,
    async fetch(_, init) {
      const body = JSON.parse(String(init?.body)) as Body
      bodies.push(body)
      const said = strictness(body)
      if (said === undefined) return new Response(OK, { headers: { "content-type": "text/event-stream" } })
      return new Response(JSON.stringify({ error: { message: said } }), { status: 400 })
    },
  })
  async function ask(request: Partial<ModelRequest> = {}): Promise<readonly string[]> {
    const told: string[] = []
    for (;;) {
      try {
        for await (const chunks of port.stream(
          requestOf({ model: "mine/m", ...request }),
          new AbortController().signal,
        ))
          for (const chunk of chunks) {
            if (chunk.type === "notice") told.push(chunk.text)
            if (chunk.type === "text") told.push(chunk.text)
          }
        return told
      } catch (error) {
        if (!(error instanceof SkeinError)) throw error
        told.push(error.message)
        if (error.code !== "provider.quirk_found") return told
      }
    }
  }
  return { ask, bodies, file }
}

test("a field that a server does not know is left out from then on, and the person is told in one line", async () => {
  const refuses: Strictness = (body) =>
    body.stream_options === undefined ? undefined : "Unknown parameter: 'stream_options'."
  const { ask, bodies, file } = against(refuses)

  expect(await ask()).toEqual([
    "Mine (mine.test) refused the request (Unknown parameter: 'stream_options'.). It is asked again with no stream_options.",
    "Mine (mine.test) takes m with no stream_options. That is kept: skein models quirks show mine/m",
    "hi",
  ])
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    quirks: [
      {
        model: "mine/m",
        host: "mine.test",
        date: "2026-11-21",
        said: "Unknown parameter: 'stream_options'.",
        change: { dialect: { lacksUsageOption: true } },
      },
    ],
  })
  expect(await ask()).toEqual(["hi"])
  expect(bodies).toHaveLength(3)
  expect(await against(refuses, file).ask()).toEqual(["hi"])
})

test("only what was needed is kept, when a server complains about one thing after another", async () => {
  const { ask, bodies, file } = against((body) => {
    if (body.stream_options !== undefined) return "Extra inputs are not permitted: stream_options"
    if (JSON.stringify(body.tools).includes("additionalProperties"))
      return "tools: unknown keyword additionalProperties"
    return undefined
  })
  const tools = [{ ...READ_TOOL, inputSchema: { ...READ_TOOL.inputSchema, additionalProperties: false } }]

  expect((await ask({ tools })).at(-1)).toBe("hi")
  expect(bodies).toHaveLength(3)
  const { quirks } = JSON.parse(readFileSync(file, "utf8"))
  expect(quirks[0].change).toEqual({
    dialect: { lacksUsageOption: true },
    edits: [{ kind: "drop_keyword", keyword: "additionalProperties" }],
  })
})

test("a change that did not help is not kept, and the next that the words allow is tried", async () => {
  const { ask, file } = against(({ messages }) =>
    (messages as Body[]).some(({ content }) => content === null || content === "")
      ? "content must not be empty"
      : undefined,
  )
  const call = { type: "call", callId: "cal_1", name: "read", input: {} } as const
  const result = { type: "result", callId: "cal_1", name: "read", content: [], isError: false } as const
  const messages: ModelRequest["messages"] = [
    { role: "user", content: [{ type: "text", text: "go" }] },
    { role: "assistant", content: [call] },
    { role: "user", content: [result] },
  ]

  expect((await ask({ messages, tools: [READ_TOOL] })).at(-1)).toBe("hi")
  const { quirks } = JSON.parse(readFileSync(file, "utf8"))
  expect(quirks[0].change).toEqual({ edits: [{ kind: "fill_content", text: "(no text)" }] })
})

test("a server that takes nothing is asked five times at most, and nothing is kept", async () => {
  let count = 0
  const names = ["stream_options", "model_x", "stream_options", "max_tokens", "tools"]
  const { ask, bodies, file } = against(() => `Unknown parameter: '${names[count++ % names.length]}' in stream_options`)

  const told = await ask({ outputTokensMax: 100 })
  expect(bodies.length).toBeLessThanOrEqual(5)
  expect(told.at(-1)).toContain("none was taken")
  expect(() => readFileSync(file)).toThrow()
})

test("a refusal that has nothing to do with how it was asked is told as it is, after one request", async () => {
  const { ask, bodies } = against(() => "The city does not exist.")

  expect(await ask()).toEqual(["Mine (mine.test) refused the request (HTTP 400: The city does not exist.)."])
  expect(bodies).toHaveLength(1)
})

test("a quirk of one server is not laid over another that serves the same model", async () => {
  const file = join(folder, "elsewhere.json")
  const change = { dialect: { lacksUsageOption: true } }
  writeFileSync(file, JSON.stringify({ quirks: [{ model: "mine/m", host: "other.test", date: "", said: "", change }] }))
  const { ask, bodies } = against(() => undefined, file)

  await ask()
  expect(bodies[0]?.stream_options).toEqual({ include_usage: true })
})

test("a file that holds anything but quirks says what is wrong with it", async () => {
  const file = join(folder, "broken.json")
  const change = { edits: [{ kind: "replace", path: "messages" }] }
  writeFileSync(file, JSON.stringify({ quirks: [{ model: "mine/m", host: "mine.test", date: "", said: "", change }] }))
  const { ask } = against(() => undefined, file)

  expect((await ask())[0]).toContain('there is no edit {"kind":"replace","path":"messages"}. Mend it, or delete it')
})
