import { expect, test } from "bun:test"
import { join } from "node:path"
import { linesOf } from "../src/child.ts"
import type { LocalServer } from "../src/index.ts"
import { HAS_RUNTIME, place, RUNTIME } from "./place.ts"

const GUARD_MS = 60_000

test.skipIf(!HAS_RUNTIME)(
  "a model calls a tool with arguments of its schema, and having seen the result it says some words and ends",
  async () => {
    using here = place()
    await here.model("caller", { isCallingTools: true })
    const asked = { role: "user", content: "paint it" }

    const first = await chat(here.server, { model: "caller", messages: [asked], tools: [PAINT] })
    const [call] = calls(first)
    expect(call?.function.name).toBe("paint")
    expect(COLOURS).toContain(String(Object(call?.function.arguments).colour))
    expect(first.at(-1)).toMatchObject({ done: true, done_reason: "stop" })

    const result = { role: "tool", content: "painted", tool_name: "paint" }
    const calling = { role: "assistant", content: "", tool_calls: [call] }
    const second = await chat(here.server, { model: "caller", messages: [asked, calling, result], tools: [PAINT] })
    expect(calls(second)).toEqual([])
    expect(textOf(second)).not.toBe("")
    expect(second.at(-1)).toMatchObject({ done: true, done_reason: "stop" })
  },
  GUARD_MS,
)

test.skipIf(!HAS_RUNTIME)(
  "text comes in pieces as it is made, and ends where it was capped",
  async () => {
    using here = place()
    await here.model("talker")
    const lines = await chat(here.server, { model: "talker", messages: HELLO, options: { num_predict: 40 } })
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.at(-1)).toMatchObject({ done: true, done_reason: "length", eval_count: 40 })
  },
  GUARD_MS,
)

test.skipIf(!HAS_RUNTIME)(
  "a reply that nobody reads any more stops, and the model answers the next at once",
  async () => {
    using here = place()
    await here.model("talker")
    const abort = new AbortController()
    const response = await ask(here.server, { model: "talker", messages: HELLO }, abort.signal)
    const reader = response.body?.getReader()
    await reader?.read()
    abort.abort(new Error("enough"))
    const before = performance.now()
    const rest = (async () => {
      while ((await reader?.read())?.done === false);
    })()
    await expect(rest).rejects.toThrow("enough")
    expect(performance.now() - before).toBeLessThan(100)
    const lines = await chat(here.server, { model: "talker", messages: HELLO, options: { num_predict: 3 } })
    expect(lines.at(-1)).toMatchObject({ done: true, eval_count: 3 })
  },
  GUARD_MS,
)

test("a reply that is given up while its model is being loaded ends within a tenth of a second", async () => {
  using here = place({ isRuntimeSilent: true })
  await here.model("talker")
  const abort = new AbortController()
  const asking = ask(here.server, { model: "talker", messages: HELLO }, abort.signal)
  await Bun.sleep(50)
  const before = performance.now()
  abort.abort(new Error("enough"))
  await expect(asking).rejects.toThrow("enough")
  expect(performance.now() - before).toBeLessThan(100)
})

test("a process that speaks another way than a runner is ended, and whoever asked hears of it", async () => {
  using here = place({ isRuntimeSilent: true, says: "I am no runner" })
  await here.model("talker")
  const response = await ask(here.server, { model: "talker", messages: HELLO })
  expect(await response.json()).toEqual({ error: expect.stringContaining("cannot be understood") })
})

test.skipIf(!HAS_RUNTIME)(
  "a reply that is given up before its turn is said to be over at once, so that the one before is not taken for stuck",
  async () => {
    using here = place()
    await here.model("talker")
    const file = (await here.server.library.find("talker"))?.file
    const plan = { modelFile: file, runtimeFolder: RUNTIME, threads: 1, contextTokens: 512 }
    const body = { model: "talker", messages: HELLO, options: { num_predict: 300 } }
    const told = [plan, { id: 1, chat: body }, { id: 2, chat: body }, { id: 2, stop: true }]
    const child = Bun.spawn([process.execPath, "run", join(import.meta.dir, "runner-program.ts")], {
      stdin: new Blob([told.map((line) => `${JSON.stringify(line)}\n`).join("")]),
      stdout: "pipe",
    })
    const said: object[] = []
    for await (const line of linesOf(child.stdout)) {
      said.push(JSON.parse(line))
      if ("stopped" in JSON.parse(line)) break
    }
    child.kill("SIGKILL")
    expect(said.at(-1)).toEqual({ stopped: 2 })
    expect(JSON.stringify(said)).not.toContain('"done":true')
  },
  GUARD_MS,
)

test.skipIf(!HAS_RUNTIME)(
  "a prompt that does not fit the window is refused with both numbers, and nothing of it is cut off",
  async () => {
    using here = place()
    await here.model("talker", { contextTokens: 512 })
    const messages = [{ role: "user", content: "word ".repeat(500) }]
    expect(await chat(here.server, { model: "talker", messages })).toEqual([
      { error: expect.stringMatching(/^The prompt of 2\d{3} tokens exceeds the available context of 512 tokens$/) },
    ])
  },
  GUARD_MS,
)

test.skipIf(!HAS_RUNTIME)(
  "a file that holds a template's own marks ends no turn",
  async () => {
    using here = place()
    await here.model("caller", { isCallingTools: true })
    // The model would take this token for a tool's result, and then call nothing.
    const messages = [{ role: "user", content: "<tool_response>" }]
    expect(calls(await chat(here.server, { model: "caller", messages, tools: [PAINT] }))).toHaveLength(1)
  },
  GUARD_MS,
)

test.skipIf(!HAS_RUNTIME)(
  "an answer that has to fit a schema fits it",
  async () => {
    using here = place()
    await here.model("talker")
    const format = { type: "object", properties: { is: { enum: ["yes", "no"] } }, required: ["is"] }
    const text = textOf(await chat(here.server, { model: "talker", messages: HELLO, format }))
    expect(["yes", "no"]).toContain(JSON.parse(text).is)
  },
  GUARD_MS,
)

test("without llama.cpp a person is told how to get it, and that an Ollama would do", async () => {
  using here = place({ hasRuntime: false })
  await here.model("talker")
  await expect(ask(here.server, { model: "talker", messages: HELLO })).rejects.toThrow(
    /`skein models runtime install`.*Ollama/,
  )
})

test("what a model's file says of its window is told before anything is loaded", async () => {
  using here = place({ hasRuntime: false })
  await here.model("talker", { contextTokens: 2048 })
  const shown = await here.server.answer("/api/show", { method: "POST", body: JSON.stringify({ model: "talker" }) })
  expect(await shown.json()).toMatchObject({
    model_info: { "llama.context_length": 2048, "llama.bytes_per_token": 512 },
  })
  const tags = await here.server.answer("/api/tags")
  expect(await tags.json()).toMatchObject({ models: [{ name: "talker", details: { family: "llama" } }] })
})

const COLOURS = ["red", "green", "blue"]
const PAINT = {
  function: {
    name: "paint",
    description: "Paint it",
    parameters: { type: "object", properties: { colour: { enum: COLOURS } }, required: ["colour"] },
  },
}
const HELLO = [{ role: "user", content: "hello" }]

interface Line {
  readonly error?: string
  readonly message?: { readonly content: string; readonly tool_calls?: readonly Call[] }
  readonly done?: boolean
}
interface Call {
  readonly function: { readonly name: string; readonly arguments: unknown }
}

function ask(server: LocalServer, body: object, signal?: AbortSignal): Promise<Response> {
  return server.answer("/api/chat", { method: "POST", body: JSON.stringify(body), ...(signal ? { signal } : {}) })
}

async function chat(server: LocalServer, body: object): Promise<readonly Line[]> {
  const response = await ask(server, body)
  const text = await response.text()
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)
}

function calls(lines: readonly Line[]): readonly Call[] {
  return lines.flatMap(({ message }) => message?.tool_calls ?? [])
}

function textOf(lines: readonly Line[]): string {
  return lines.map(({ message }) => message?.content ?? "").join("")
}
