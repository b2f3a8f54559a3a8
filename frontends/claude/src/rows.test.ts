import { expect, test } from "bun:test"
import { modelRows } from "./rows.ts"

const model = (provider: string, isReady: boolean) => ({
  ...{ provider, id: "m", images: true, tools: true, reasoning: false },
  isReady,
})

test("only models that can be asked are listed; where there is none, all, and each says so", () => {
  expect(modelRows([model("one", false), model("two", true)])).toMatchObject([{ description: "two m" }])
  expect(modelRows([model("one", false)])).toMatchObject([{ description: "one m (no key)" }])
})
