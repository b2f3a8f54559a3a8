import { afterAll, beforeAll, expect, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"
import { type Conversation, KEY, type Wire } from "./ground/wire.ts"
import { WIRES } from "./ground/wires.ts"

/** A server of someone else's making, so that our own misreading of a wire cannot agree with itself. */
const mock = new LLMock({ port: 0 })
const COMMAND = "echo from the tool"

interface Passed {
  readonly path: string
  readonly headers: Headers
  readonly text: string
}

/** What passes through on its way to the mock, byte for byte: its own journal keeps a translated body. */
let passed: Passed[] = []
const gate = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const { pathname, search } = new URL(request.url)
    const text = await request.text()
    passed.push({ path: pathname + search, headers: request.headers, text })
    return fetch(mock.url + pathname + search, { method: request.method, headers: request.headers, body: text })
  },
})
const url = `http://127.0.0.1:${gate.port}`

beforeAll(async () => {
  mock.on({ userMessage: /tell me/, hasToolResult: true }, { content: "It said: from the tool." })
  mock.on(
    { userMessage: /tell me/, hasToolResult: false },
    { toolCalls: [{ name: "bash", arguments: JSON.stringify({ command: COMMAND }) }] },
  )
  await mock.start()
})
afterAll(async () => {
  await gate.stop(true)
  await mock.stop()
})

async function talk(model: string, env: Record<string, string>, ...more: readonly string[]) {
  passed = []
  mock.clearRequests()
  const scene = new Scene(env)
  try {
    const ran = await scene.run(["-p", "tell me", "-m", model, ...more])
    expect({ ...ran, ms: 0 }).toEqual({
      code: 0,
      out: "It said: from the tool.\n",
      err: "ok      echo from the tool  exit 0, 14 B\n",
      ms: 0,
    })
    expect(mock.getRequests().map(({ response }) => response.status)).toEqual([200, 200])
    return passed.map(({ path, headers, text }) => ({ path, headers, text, body: text === "" ? {} : JSON.parse(text) }))
  } finally {
    scene.remove()
  }
}

/** What every provider must have been sent, whatever its wire. */
function checkLoop([first, second]: readonly Conversation[]): void {
  if (first === undefined || second === undefined) throw new Error("Two requests are a tool loop")
  expect(first.system).toContain("skein")
  expect(second.system).toBe(first.system)
  expect(first.tools.map(({ name }) => name)).toContain("bash")
  expect(first.tools.find(({ name }) => name === "bash")?.schema).toMatchObject({
    type: "object",
    properties: { command: { type: "string" } },
    required: ["command"],
  })
  expect(second.tools).toEqual(first.tools)
  expect(first.said.at(-1)).toBe("tell me")
  expect(second.calls.map(({ name, args }) => ({ name, args }))).toEqual([{ name: "bash", args: { command: COMMAND } }])
  expect(second.results.map(({ text }) => text)).toEqual(["from the tool\n(exit 0)"])
}

/** The key goes out in its one header, and is in nothing else that goes out. */
function checkKey(sent: readonly Passed[], header: string): void {
  for (const { path, headers, text } of sent) {
    expect(headers.get(header)).toContain(KEY)
    const others = [...headers].filter(([name]) => name !== header)
    expect(JSON.stringify([path, others, text])).not.toContain(KEY)
  }
}

describeBinary("a tool loop against a server by another hand", () => {
  for (const wire of WIRES) {
    test(`${wire.name}: prompt, call, result, answer`, async () => {
      const sent = await talk(wire.model, wire.env(url))
      for (const { path } of sent) expect(path).toMatch(wire.path)
      checkLoop(sent.map(({ body }) => wire.read(body)))
      checkKey(sent, wire.keyHeader)
      checkCache(wire, sent)
    })
  }

  test("Ollama: by OLLAMA_HOST alone, in its own words, without a key", async () => {
    // This server says of no model how much it holds, so a person does.
    const window = ["-c", 'models."ollama/qwen3".context_tokens=16384']
    const sent = await talk("ollama/qwen3", { OLLAMA_HOST: `127.0.0.1:${gate.port}` }, ...window)
    const asked = sent.filter(({ path }) => path === "/api/chat")
    expect(asked.map(({ body }) => body.options?.num_ctx)).toEqual([16_384, 16_384])
    const [call, result] = asked.at(-1)?.body.messages.slice(-2) ?? []
    expect(call.tool_calls).toEqual([{ function: { name: "bash", arguments: { command: COMMAND } } }])
    expect(result).toMatchObject({ role: "tool", tool_name: "bash", content: expect.stringContaining("from the tool") })
    for (const { headers } of asked) expect(headers.get("authorization")).toBeNull()
  })

  test("Amazon Bedrock: through its package, signed, with cache points", async () => {
    const sent = await talk("bedrock/us.anthropic.claude-sonnet-5-5", {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "AKIACANARY",
      AWS_SECRET_ACCESS_KEY: KEY,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    })
    expect(sent.map(({ path }) => decodeURIComponent(path))).toEqual(
      Array(2).fill("/model/us.anthropic.claude-sonnet-5-5/converse-stream"),
    )
    for (const { headers, text } of sent) {
      expect(headers.get("authorization")).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIACANARY\/\d{8}\/us-east-1\/bedrock\//,
      )
      expect(JSON.stringify([...headers]) + text).not.toContain(KEY)
      expect(text).toContain('"cachePoint"')
    }
    const [first, second] = sent.map(({ body }) => body)
    expect(JSON.stringify(first.system)).toContain("skein")
    expect(JSON.stringify(first.toolConfig)).toContain('"name":"bash"')
    const [used] = second.messages[1].content.filter((part: object) => "toolUse" in part)
    const [told] = second.messages[2].content.filter((part: object) => "toolResult" in part)
    expect(used.toolUse.input).toEqual({ command: COMMAND })
    expect(told.toolResult.toolUseId).toBe(used.toolUse.toolUseId)
    expect(JSON.stringify(told)).toContain("from the tool")
  })
})

/** The prefix is marked where the wire has marks, and stays the same bytes from step to step. */
function checkCache(wire: Wire, sent: readonly { readonly body: Record<string, unknown> }[]): void {
  const [first, second] = sent.map(({ body }) => body)
  if (first === undefined || second === undefined) throw new Error("Two requests are a tool loop")
  switch (wire.name) {
    case "Anthropic Messages": {
      const marked = JSON.stringify(first.system).split("cache_control").length - 1
      expect([marked, JSON.stringify(first.tools).split("cache_control").length - 1]).toEqual([1, 1])
      expect(JSON.stringify((second.messages as unknown[]).at(-1))).toContain('"cache_control":{"type":"ephemeral"}')
      expect(withoutMarks(second.messages)).toStartWith(withoutMarks(first.messages).slice(0, -1))
      expect([second.system, second.tools]).toEqual([first.system, first.tools])
      break
    }
    case "OpenAI Responses":
      expect(first.prompt_cache_key).toMatch(/^ses_/)
      expect(second.prompt_cache_key).toBe(first.prompt_cache_key)
      expect(JSON.stringify(second.input)).toStartWith(JSON.stringify(first.input).slice(0, -1))
      break
    case "OpenAI Chat":
      expect(second.prompt_cache_key).toBe(first.prompt_cache_key)
      expect(JSON.stringify(second.messages)).toStartWith(JSON.stringify(first.messages).slice(0, -1))
      break
    default:
      expect(JSON.stringify(second.contents)).toStartWith(JSON.stringify(first.contents).slice(0, -1))
  }
}

function withoutMarks(messages: unknown): string {
  return JSON.stringify(messages).replaceAll(',"cache_control":{"type":"ephemeral"}', "")
}
