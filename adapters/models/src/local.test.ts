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

  expect(await localModels({ baseUrl: "http://gpu:1/v1", fetch })).toEqual(["ollama/qwen3:8b", "ollama/llama3"])
  expect(asked).toEqual(["http://gpu:1/api/tags"])
})

test("no Ollama, or something else in its place, is no models and no error", async () => {
  expect(await localModels({ baseUrl, fetch: () => Promise.reject(new TypeError("refused")) })).toBeUndefined()
  expect(await localModels({ baseUrl, fetch: ollama({}).fetch })).toBeUndefined()
  expect(await localModels({ baseUrl, fetch: async () => new Response("<html>") })).toBeUndefined()
  expect(await localModel("m", { baseUrl, fetch: ollama({}).fetch })).toBeUndefined()
})

test("a model's window is what the server loaded it with, then its Modelfile's, and never what it could be", async () => {
  const show = {
    capabilities: ["completion", "tools", "thinking"],
    model_info: { "general.architecture": "qwen3", "qwen3.context_length": 40_960 },
    parameters: "stop    <|im_end|>\nnum_ctx                        16384",
  }
  const loaded = ollama({ "/api/show": show, "/api/ps": { models: [{ name: "qwen3:latest", context_length: 4096 }] } })
  const idle = ollama({ "/api/show": show, "/api/ps": { models: [] } })
  const silent = ollama({ "/api/show": { ...show, parameters: "" } })

  expect(await localModel("qwen3", { baseUrl, fetch: loaded.fetch })).toEqual({
    contextTokens: 4096,
    contextTokensPossible: 40_960,
    images: false,
    tools: true,
    reasoning: true,
  })
  expect(loaded.asked[0]).toBe('http://127.0.0.1:11434/api/show {"model":"qwen3"}')
  expect((await localModel("qwen3", { baseUrl, fetch: idle.fetch }))?.contextTokens).toBe(16_384)
  expect((await localModel("qwen3", { baseUrl, fetch: silent.fetch }))?.contextTokens).toBeUndefined()
})
