import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import type { Message, ModelRequest } from "@skein/core/ports"
import { send } from "../src/wire/transport.ts"
import type { Target, WireName } from "../src/wire/wire.ts"
import { blocksOf, type Folded, fold, READ_TOOL, realClock, requestOf, targetOf } from "./asking.ts"
import { WIRES } from "./wires.ts"

/** A server of someone else's making that speaks all five APIs: what both sides believe of a wire is compared. */
const mock = new LLMock({ port: 0 })

const USAGE = { prompt_tokens: 12, completion_tokens: 5, input_tokens: 12, output_tokens: 5 }

beforeAll(async () => {
  mock.onMessage("say hello", { content: "Hello, Ünï 🧵!", reasoning: "A greeting.", usage: USAGE })
  mock.onMessage("read the file", { toolCalls: [{ name: "read", arguments: '{"path":"a b.txt"}' }] })
  mock.onMessage("read both", {
    content: "Both.",
    toolCalls: [
      { name: "read", arguments: '{"path":"a"}' },
      { name: "read", arguments: '{"path":"b"}' },
    ],
  })
  await mock.start()
})
afterAll(() => mock.stop())

/** Model names that the mock takes for thinking ones. */
const MODELS: Readonly<Record<WireName, string>> = {
  "anthropic-messages": "claude-opus-4-6",
  "openai-responses": "gpt-5.5",
  "openai-chat": "deepseek-reasoner",
  "google-gemini": "gemini-2.5-flash",
  "ollama-chat": "qwen3",
}

for (const wire of Object.keys(MODELS) as readonly WireName[]) {
  describe(wire, () => {
    test("text comes whole, with its reasoning and its usage", async () => {
      const folded = await ask(wire, requestOf({ messages: [said("say hello")], effort: "medium" }))
      const kinds = folded.items.map(({ type, text, isWhole }) => ({ type, text, isWhole }))

      // Its Ollama neither thinks aloud nor counts.
      const thought = { type: "reasoning", text: "A greeting.", isWhole: true } as const
      expect(kinds).toEqual([
        ...(wire === "ollama-chat" ? [] : [thought]),
        { type: "text", text: "Hello, Ünï 🧵!", isWhole: true },
      ])
      expect(folded.stop).toBe("end")
      expect(folded.usage).toMatchObject(wire === "ollama-chat" ? {} : { input: 12, output: 5 })
    })

    test("a call comes with its arguments, and the result is accepted back", async () => {
      const question = said("read the file")
      const folded = await ask(wire, requestOf({ messages: [question], tools: [READ_TOOL] }))
      const [call] = folded.items.filter(({ type }) => type === "call")

      expect(call).toMatchObject({ name: "read", isWhole: true })
      expect(JSON.parse(call?.text ?? "")).toEqual({ path: "a b.txt" })
      expect(folded.stop).toBe("calls")
      const result = {
        type: "result" as const,
        callId: "cal_0",
        name: "read",
        content: [{ type: "text" as const, text: "A" }],
        isError: false,
      }
      const messages: readonly Message[] = [
        question,
        { role: "assistant", content: blocksOf({ ...folded, items: [call ?? never()] }, (i) => `cal_${i}`) },
        { role: "user", content: [result, { type: "text", text: "say hello" }] },
      ]
      expect(await ask(wire, requestOf({ messages, tools: [READ_TOOL] }))).toMatchObject({ stop: "end" })
    })

    test("text and two calls keep their order", async () => {
      const { items, stop } = await ask(wire, requestOf({ messages: [said("read both")], tools: [READ_TOOL] }))

      const spoken = items.filter(({ type }) => type !== "reasoning")
      expect(spoken.map(({ type, text }) => (type === "call" ? JSON.parse(text).path : text))).toEqual([
        "Both.",
        "a",
        "b",
      ])
      expect(stop).toBe("calls")
    })

    test("an error is told by its class", async () => {
      mock.nextRequestError(529, { message: "Overloaded", type: "overloaded_error" })

      expect(ask(wire, requestOf({ messages: [said("say hello")] }))).rejects.toMatchObject({
        code: "provider.overloaded",
      })
    })
  })
}

function said(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] }
}

async function ask(wire: WireName, request: ModelRequest): Promise<Folded> {
  const options = { fetch: (url: string, init: RequestInit) => fetch(url, init), clock: realClock }
  const arrays = await Array.fromAsync(send(WIRES[wire], request, target(wire), options, new AbortController().signal))
  return fold(arrays.flat())
}

function target(wire: WireName): Target {
  const version = wire.startsWith("openai") ? "/v1" : ""
  return targetOf(wire, { baseUrl: mock.url + version, modelId: MODELS[wire] })
}

function never(): never {
  throw new Error("No call came")
}
