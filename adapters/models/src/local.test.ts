import { expect, test } from "bun:test"
import { localModel, localModels } from "./local.ts"
import type { Fetch } from "./tape/tape.ts"

const baseUrl = "http://127.0.0.1:11434"

/** An Ollama that gives these answers, by path; anything else it does not know. */
function ollama(answers: Record<string, unknown>) {
  const asked: string[] = []
  const fetch: Fetch = async (url, init) => {
    asked.push(`${url} ${init?.body ?? ""}`.trim())
    const answer = answers[new URL(url).pathname]
    return answer === undefined ? new Response("not found", { status: 404 }) : Response.json(answer)
  }
  return { fetch, asked }
}

test("its models are listed without those that only embed, at the address that is given", async () => {
  const { fetch, asked } = ollama({
    "/api/tags": {
      models: [
        { name: "nomic-embed-text" },
        { name: "qwen3:8b" },
        { name: "b", details: { family: "bert" } },
        { name: "llama3" },
      ],
    },
  })

  expect(await localModels("ollama", { baseUrl: "http://gpu:1/v1", fetch })).toEqual([
    "ollama/qwen3:8b",
    "ollama/llama3",
  ])
  expect(asked).toEqual(["http://gpu:1/api/tags"])
})

test("no Ollama, or something else in its place, is no models and no error", async () => {
  expect(
    await localModels("ollama", { baseUrl, fetch: () => Promise.reject(new TypeError("refused")) }),
  ).toBeUndefined()
  expect(await localModels("ollama", { baseUrl, fetch: ollama({}).fetch })).toBeUndefined()
  expect(await localModels("ollama", { baseUrl, fetch: async () => new Response("<html>") })).toBeUndefined()
  expect(await localModel("m", { baseUrl, fetch: ollama({}).fetch })).toBeUndefined()
})

const SHOW = {
  capabilities: ["completion", "tools", "thinking"],
  model_info: {
    "general.architecture": "qwen3",
    "qwen3.context_length": 262_144,
    "qwen3.block_count": 36,
    "qwen3.attention.head_count": 32,
    "qwen3.attention.head_count_kv": 8,
    "qwen3.attention.key_length": 128,
  },
  parameters: "stop    <|im_end|>",
}

test("a model is given the window that a session needs, or less where memory is short, and never more than it can", async () => {
  const { fetch, asked } = ollama({ "/api/show": SHOW, "/api/ps": { models: [] } })
  const window = async (memoryGb?: number) =>
    (await localModel("qwen3", { baseUrl, fetch }, memoryGb === undefined ? undefined : memoryGb * 2 ** 30))
      ?.contextTokens

  expect(await localModel("qwen3", { baseUrl, fetch })).toEqual({
    contextTokens: 32_768,
    contextTokensPossible: 262_144,
    images: false,
    tools: true,
    reasoning: true,
  })
  expect(asked[0]).toBe('http://127.0.0.1:11434/api/show {"model":"qwen3"}')
  // 144 KB for each token, in a quarter of the memory.
  expect([await window(64), await window(8), await window(1)]).toEqual([32_768, 14_336, 4_096])
  const small = ollama({
    "/api/show": { ...SHOW, model_info: { "general.architecture": "a", "a.context_length": 2048 } },
  })
  expect((await localModel("m", { baseUrl, fetch: small.fetch }))?.contextTokens).toBe(2048)
})

test("a window that the person set in the Modelfile holds, and one that is loaded is not made smaller", async () => {
  const set = ollama({ "/api/show": { ...SHOW, parameters: "num_ctx                        16384" } })
  const loaded = ollama({
    "/api/show": SHOW,
    "/api/ps": { models: [{ name: "qwen3:latest", context_length: 65_536 }] },
  })

  expect((await localModel("qwen3", { baseUrl, fetch: set.fetch }))?.contextTokens).toBe(16_384)
  expect((await localModel("qwen3", { baseUrl, fetch: loaded.fetch }))?.contextTokens).toBe(65_536)
})

test("an endless answer is read no further than its beginning, names that move a cursor are none, and no redirect is followed", async () => {
  let pieces = 0
  const redirects: unknown[] = []
  const endless: Fetch = async (_, init) => {
    redirects.push(init?.redirect)
    const more = new TextEncoder().encode("x".repeat(1_000_000))
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      pieces++
      if (pieces > 200) controller.close()
      else controller.enqueue(more)
    }
    return new Response(new ReadableStream({ pull }))
  }
  expect(await localModels("ollama", { baseUrl, fetch: endless, timeoutMs: 30_000 })).toBeUndefined()
  expect(pieces).toBeLessThan(40)
  expect(redirects).toEqual(["manual"])
  const { fetch } = ollama({
    "/api/tags": { models: [{ name: "a\u001b[2J" }, { name: "b\nc" }, { name: "my model" }] },
  })
  expect(await localModels("ollama", { baseUrl, fetch })).toEqual(["ollama/my model"])
})
