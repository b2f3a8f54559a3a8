import { expect, test } from "bun:test"
import { formatterOf } from "./tool-router.ts"

test("a router's model file is a model of this machine, by the name of the file, and another model goes before it", () => {
  const router = { isEnabled: true, outputTokensMax: 99, temperature: 0.1, modelPath: "/models/Small Router.gguf" }
  expect(formatterOf(router)).toEqual({
    formatter: { model: "local/Small Router.gguf", outputTokensMax: 99, temperature: 0.1 },
    providers: [],
  })
  expect(formatterOf({ ...router, model: "ollama/small" })?.formatter.model).toBe("ollama/small")
  expect(formatterOf({ ...router, isEnabled: false })).toBeUndefined()
})
