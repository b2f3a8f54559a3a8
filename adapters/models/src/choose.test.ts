import { expect, test } from "bun:test"
import { catalog, entryOf } from "./catalog/catalog.ts"
import { choose, defaultModel } from "./choose.ts"
import { ROWS } from "./providers/rows.ts"

function chosen(name: string): string {
  const { row, modelId } = choose(name, ROWS)
  return `${row.id}/${modelId}`
}

test.each([
  ["anthropic/claude-opus-5-5", "anthropic/claude-opus-5-5"],
  ["anthropic/claude-of-next-year", "anthropic/claude-of-next-year"],
  ["openrouter/moonshotai/kimi-k3", "openrouter/moonshotai/kimi-k3"],
  ["moonshotai/kimi-k3", "moonshot/kimi-k3"],
  ["bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0", "bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0"],
  ["grok-4.5", "xai/grok-4.5"],
  ["llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"],
  ["groq", "groq/openai/gpt-oss-120b"],
  [" Sonnet ", "anthropic/claude-sonnet-5-5"],
])("%j means %s", (name, model) => {
  expect(chosen(name)).toBe(model)
})

test("every alias leads to a model of the catalogue", () => {
  const lost = Object.entries(catalog().aliases).filter(([alias, model]) => {
    const { row, modelId } = choose(alias, ROWS)
    return `${row.id}/${modelId}` !== model || catalog().models[row.id]?.[modelId] === undefined
  })

  expect(lost).toEqual([])
})

test("every default model is in the catalogue", () => {
  const rows = ROWS.filter((row) => row.defaultModel !== undefined)

  expect(rows.filter((row) => entryOf(row.catalogOf ?? row.id, row.defaultModel ?? "") === undefined)).toEqual([])
})

test("an unknown name is refused with the nearest ones", () => {
  expect(() => choose("claude-sonet-5-5", ROWS)).toThrow(
    /No model is called "claude-sonet-5-5". Nearest: anthropic\/claude-sonnet-5-5/,
  )
  expect(() => choose("nobody/some-model", ROWS)).toThrow(/No model is called "nobody\/some-model"/)
  expect(() => choose("", ROWS)).toThrow(/No model is called ""/)
  expect(() => choose("ollama", ROWS)).toThrow("Which model of Ollama? Write ollama/model.")
  expect(() => choose("constructor", ROWS)).toThrow(/No model is called/)
})

test("a bare id that two providers serve has to be said in full", () => {
  const rows = ROWS.map((row) => (row.id === "xai" ? { ...row, id: "anthropic" } : row))

  expect(() => choose("claude-opus-5", rows)).toThrow(/Say which: anthropic\/claude-opus-5, anthropic\/claude-opus-5/)
})

test("a first run takes the default model of the first provider that has a key, in the order of the rows", () => {
  const having = (...ids: string[]) => defaultModel(ROWS, (row) => ids.includes(row.id))

  expect(having("openai", "anthropic")).toBe("anthropic/claude-sonnet-5-5")
  expect(having("groq", "openai")).toBe("openai/gpt-6.1-terra")
  expect(having("groq")).toBe("groq/openai/gpt-oss-120b")
  expect(having("bedrock", "ollama")).toBeUndefined()
  expect(having()).toBeUndefined()
})
