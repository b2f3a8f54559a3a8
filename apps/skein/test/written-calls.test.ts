import { afterAll, expect, test } from "bun:test"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { Scene } from "./ground/scene.ts"

const ASKED = "echo from the tool"
const CALL = `<tool_call>\n${JSON.stringify({ name: "bash", arguments: { command: ASKED } })}\n</tool_call>`
const FORMATTED = JSON.stringify({ calls: [{ name: "bash", arguments: { command: ASKED } }] })

interface Asked {
  readonly model: string
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly tools?: unknown
  readonly response_format?: unknown
}

/** A Chat server whose model knows nothing but text, and a small model that formats. */
let asked: Asked[] = []
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    // What it has, it does not say.
    if (request.method === "GET") return new Response("", { status: 404 })
    const body = (await request.json()) as Asked
    asked.push(body)
    return streamed(replyTo(body))
  },
})
afterAll(() => server.stop(true))

function replyTo({ messages, response_format }: Asked): string {
  const said = messages.at(-1)?.content ?? ""
  if (response_format !== undefined) return said.includes("I will run") ? FORMATTED : '{"calls":[]}'
  if (said.includes("<tool_response") || messages.at(-1)?.role === "tool") return "It said: from the tool."
  if (said.includes("in prose")) return "I will run echo from the tool."
  if (said.includes("quote")) return `The file says:\n${CALL}`
  return `I run it.\n${CALL}`
}

function streamed(text: string): Response {
  const pieces = (text.match(/[\s\S]{1,4}/g) ?? []).map((content) => ({ choices: [{ index: 0, delta: { content } }] }))
  const events = [...pieces, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }]
  const body = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}

async function said(prompt: string, env: Record<string, string> = {}, model = "mine/plain") {
  asked = []
  const scene = new Scene(env)
  try {
    const folder = join(scene.home, ".config/skein")
    mkdirSync(folder, { recursive: true })
    const provider = `[providers.mine]\nwire = "openai-chat"\nbase_url = "${server.url.origin}/v1"\n`
    writeFileSync(join(folder, "config.toml"), `${provider}[models."mine/plain"]\ntools = false\n`)
    return await scene.run(["-p", prompt, "-m", model])
  } finally {
    scene.remove()
  }
}

describeBinary("calls that a model writes as text", () => {
  test("run where the model has no tools, and their results go back to it as text", async () => {
    expect(await said("go")).toMatchObject({ code: 0, out: "It said: from the tool.\n" })
    const [first, second] = asked
    expect(asked.length).toBe(2)
    expect(first?.tools).toBeUndefined()
    expect(first?.messages[0]?.content).toContain('<tools>\n{"name":')
    expect(second?.messages.at(-2)).toEqual({
      role: "assistant",
      content: `I run it.\n<tool_call>\n${JSON.stringify({ name: "bash", arguments: { command: ASKED } })}\n</tool_call>`,
    })
    expect(second?.messages.at(-1)?.content).toStartWith('<tool_response name="bash">\nfrom the tool')
  })

  test("run where a model with tools wrote one all the same, and go back to it as its own calls do", async () => {
    expect(await said("go", {}, "mine/native")).toMatchObject({ code: 0, out: "It said: from the tool.\n" })
    const [, second] = asked
    expect(second?.messages.at(-2)).toMatchObject({
      ...{ role: "assistant", content: "I run it." },
      tool_calls: [{ function: { name: "bash", arguments: JSON.stringify({ command: ASKED }) } }],
    })
    expect(second?.messages.at(-1)).toMatchObject({ role: "tool" })
  })

  test("stay text where the model quotes what it was given", async () => {
    const ran = await said(`quote this file\n${CALL}`)
    expect(ran).toMatchObject({ code: 0, out: `The file says:\n${CALL}\n` })
    expect(asked.length).toBe(1)
  })

  test("are formatted by a small model that the environment names, and by none when it is off", async () => {
    const env = {
      SKEIN_TOOL_ROUTER_ENABLED: "true",
      SKEIN_TOOL_ROUTER_ENDPOINT: `${server.url.origin}/v1`,
      SKEIN_TOOL_ROUTER_MODEL: "small",
      SKEIN_TOOL_ROUTER_MAX_TOKENS: "99",
    }
    expect(await said("in prose", env)).toMatchObject({ code: 0, out: "It said: from the tool.\n" })
    expect(asked.map(({ model }) => model)).toEqual(["plain", "small", "plain", "small"])
    expect(asked[1]).toMatchObject({ max_tokens: 99, temperature: 0.1 })

    expect(await said("in prose")).toMatchObject({ code: 0, out: "I will run echo from the tool.\n" })
    expect(asked.length).toBe(1)
  })

  test("are looked for by a router that says what of its settings it does not read", async () => {
    const { err } = await said("go", { SKEIN_TOOL_ROUTER_ENABLED: "true", SKEIN_TOOL_ROUTER_ARCH: "gemma3" })
    expect(err).toContain("The tool router is on and has no model: set tool_router.model or tool_router.model_path.")
    expect(err).toContain("tool_router.arch is not read")
  })
})
