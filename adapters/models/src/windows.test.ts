import { expect, test } from "bun:test"
import { windowInWords, windowOfEntry } from "./windows.ts"

test.each([
  ["vLLM", { max_model_len: 32_768 }, 32_768],
  ["OpenRouter", { context_length: 200_000, top_provider: { context_length: 131_072 } }, 200_000],
  ["llama.cpp", { meta: { n_ctx_train: 8_192 } }, 8_192],
  ["LM Studio: what is loaded counts", { max_context_length: 131_072, loaded_context_length: 4_096 }, 4_096],
  ["Groq", { context_window: 131_072 }, 131_072],
  ["Gemini", { inputTokenLimit: 1_048_576 }, 1_048_576],
  ["nothing is said", { id: "m" }, undefined],
  ["no number that could be one", { context_length: "many", n_ctx: -1, context_window: 1e12 }, undefined],
] as const)("the window that a server's list names is read: %s", (_, entry, window) => {
  expect(windowOfEntry(entry)).toBe(window)
})

test.each([
  ["This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", 8_192],
  ["prompt is too long: 208310 tokens > 200000 maximum", 200_000],
  ["the request exceeds the available context size (4096 tokens)", 4_096],
  ["The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).", 1_048_576],
  ["Requested token count exceeds the model's maximum context length of 131,072 tokens.", 131_072],
  ["Your input exceeds the context window of this model.", undefined],
] as const)("the window that a refusal names is read: %s", (words, window) => {
  expect(windowInWords(words)).toBe(window)
})
