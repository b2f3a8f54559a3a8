import { expect, test } from "bun:test"
import { join } from "node:path"
import { targetOf } from "../target.ts"
import { refused } from "../wire/refusals.ts"
import type { WireRow } from "./row.ts"
import { ROWS } from "./rows.ts"
import { rowsWith } from "./user.ts"

test("every row can be asked: an address, and a key variable or none needed", () => {
  const bad = ROWS.filter((row) => {
    const hasAddress = row.baseUrl.startsWith("http") || ("package" in row && row.baseUrl === "")
    if ("isOwnProcess" in row) return false
    return !hasAddress || (row.keyEnv.length === 0 && row.id !== "ollama")
  })
  const names = ROWS.flatMap((row) => [row.id, ...(row.aliases ?? [])])

  expect(bad.map(({ id }) => id)).toEqual([])
  expect(names.length).toBe(new Set(names).size)
})

test("a row that tells a provider which skein asks tells the version of this one", async () => {
  const { version } = await Bun.file(join(import.meta.dir, "../../package.json")).json()
  const told = ROWS.flatMap((row) => ("package" in row ? [] : (row.dialect?.headers?.["editor-version"] ?? [])))

  expect(told).toEqual([`skein/${version}`])
})

test("a new provider is one entry, and any compatible server works with it", () => {
  const mine = rowsWith([{ id: "mine", wire: "openai-chat", baseUrl: "http://10.0.0.5:8000/v1" }]).at(-1)

  expect(mine).toMatchObject({ id: "mine", name: "mine", wire: "openai-chat", keyEnv: [] })
  expect(mine).toMatchObject({ dialect: { outputCapField: "max_tokens", systemRole: "system" } })
})

test("a known provider keeps what the user did not change", () => {
  const groq = rowsWith([{ id: "groq", keyEnv: "MY_GROQ", dialect: { effort: "none" } }]).find(
    ({ id }) => id === "groq",
  )

  expect(groq).toMatchObject({ baseUrl: "https://api.groq.com/openai/v1", keyEnv: ["MY_GROQ"], wire: "openai-chat" })
  expect(groq).toMatchObject({ ownDialect: { effort: "none" }, dialect: { reasoningField: "reasoning" } })
})

test("a new provider without a wire or an address, or with a slash in its name, is refused", () => {
  expect(() => rowsWith([{ id: "mine", baseUrl: "http://x" }])).toThrow("[providers.mine] lacks wire.")
  expect(() => rowsWith([{ id: "mine", wire: "openai-chat" }])).toThrow("[providers.mine] lacks base_url.")
  expect(() => rowsWith([{ id: "a/b", wire: "openai-chat", baseUrl: "http://x" }])).toThrow(/may hold letters/)
  expect(() => rowsWith([{ id: "bedrock", wire: "openai-chat" }])).toThrow(/takes no "wire"/)
})

test("an Ollama on another machine is as patient as the one here, and its cure names the provider that was said", () => {
  const gpu = rowsWith([{ id: "gpu", wire: "ollama-chat", baseUrl: "http://10.0.0.5:11434" }]).at(-1) as WireRow
  expect(gpu.dialect).toMatchObject({ headersTimeoutMs: 600_000, writesCalls: true, keepAlive: "15m" })
  const info = { provider: "gpu", id: "m", images: false, tools: true, reasoning: false, isReady: true }
  const target = targetOf(gpu, "qwen3", { info, env: {} })
  const error = refused({ httpStatus: 404, kind: "", message: "model 'qwen3' not found" }, target)
  expect(error.message).toEndWith("Get it with: skein models pull gpu/qwen3 (or: ollama pull qwen3).")
})
