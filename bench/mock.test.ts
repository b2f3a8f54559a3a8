import { afterAll, describe, expect, test } from "bun:test"
import { type Json, list, object, string } from "./mock/json.ts"
import { fileOf, promptOf, wordsOf } from "./mock/script.ts"
import { startMock } from "./mock.ts"

const mock = startMock()
afterAll(() => mock.stop())

const PROMPT = promptOf({ calls: 1, tokens: 100, folder: "/files" })
const SCHEMA = { type: "object", properties: { path: { type: "string" } }, required: ["path"] }
const PROOF = `${fileOf(0).proof} 0: some short text`

/** How each wire asks, asks again with the tool's result, and which parts of its frames are text or a call's input. */
const WIRES: Readonly<
  Record<string, { path: string; ask(result?: string): Json; text(frame: Json): string; input(frame: Json): unknown }>
> = {
  responses: {
    path: "/v1/responses",
    ask: (result) => ({
      stream: true,
      input: [
        { role: "user", content: [{ type: "input_text", text: PROMPT }] },
        ...(result === undefined ? [] : [{ type: "function_call_output", call_id: "c", output: result }]),
      ],
      tools: [{ type: "function", name: "read", parameters: SCHEMA }],
    }),
    text: (frame) => (frame.type === "response.output_text.delta" ? string(frame.delta) : ""),
    input: (frame) => (frame.type === "response.output_item.done" ? object(frame.item).arguments : undefined),
  },
  chat: {
    path: "/v1/chat/completions",
    ask: (result) => ({
      stream: true,
      messages: [
        { role: "user", content: PROMPT },
        ...(result === undefined ? [] : [{ role: "tool", tool_call_id: "c", content: result }]),
      ],
      tools: [{ type: "function", function: { name: "read", parameters: SCHEMA } }],
    }),
    text: (frame) => string(object(list(frame.choices)[0]?.delta).content),
    input: (frame) =>
      object(list(object(list(frame.choices)[0]?.delta).tool_calls)[0]?.function).arguments || undefined,
  },
  anthropic: {
    path: "/v1/messages",
    ask: (result) => ({
      stream: true,
      messages: [
        { role: "user", content: [{ type: "text", text: PROMPT }] },
        ...(result === undefined
          ? []
          : [{ role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: result }] }]),
      ],
      tools: [{ name: "read", input_schema: SCHEMA }],
    }),
    text: (frame) => string(object(frame.delta).text),
    input: (frame) => object(frame.delta).partial_json,
  },
  gemini: {
    path: "/v1beta/models/mock-model:streamGenerateContent",
    ask: (result) => ({
      contents: [
        { role: "user", parts: [{ text: PROMPT }] },
        ...(result === undefined
          ? []
          : [{ role: "user", parts: [{ functionResponse: { name: "read", response: { output: result } } }] }]),
      ],
      tools: [{ functionDeclarations: [{ name: "read", parametersJsonSchema: SCHEMA }] }],
    }),
    text: (frame) => string(partOf(frame).text),
    input: (frame) => {
      const call = partOf(frame).functionCall
      return call === undefined ? undefined : JSON.stringify(object(call).args)
    },
  },
}

describe.each(Object.entries(WIRES))("the mock speaks %s", (_name, wire) => {
  test("it asks for the file, then streams one word a delta", async () => {
    const asked = await post(wire.path, wire.ask())
    const answered = await post(wire.path, wire.ask(PROOF))

    expect(asked.flatMap((frame) => wire.input(frame) ?? [])).toEqual(['{"path":"/files/note-00.txt"}'])
    expect(answered.map(wire.text).filter((text) => text !== "")).toEqual(wordsOf(100))
  })

  test("its log tells a result that holds the file from one that does not", async () => {
    await fetch(`http://127.0.0.1:${mock.port}/reset`, { method: "POST" })
    await post(wire.path, wire.ask(PROOF))
    await post(wire.path, wire.ask("No such file"))

    expect(mock.log.map(({ kind, step, isTrue }) => [kind, step, isTrue])).toEqual([
      ["script", 1, true],
      ["script", 1, false],
    ])
  })
})

test("a request without a mark is an aside of four words", async () => {
  const frames = await post("/v1/chat/completions", { stream: true, messages: [{ role: "user", content: "A title?" }] })

  expect(frames.map((frame) => WIRES.chat?.text(frame)).join("")).toBe(wordsOf(4).join(""))
})

function partOf(frame: Json): Json {
  return object(list(object(list(frame.candidates)[0]?.content).parts)[0])
}

async function post(path: string, body: Json): Promise<Json[]> {
  const response = await fetch(`http://127.0.0.1:${mock.port}${path}`, { method: "POST", body: JSON.stringify(body) })
  return [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, json]) => object(JSON.parse(json ?? "")))
}
