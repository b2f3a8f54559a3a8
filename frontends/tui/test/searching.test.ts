import { expect, test } from "bun:test"
import { type Scripted, scriptedModel } from "@skein/testkit"
import { sit } from "./sitting.ts"

const ESC = "\u001b[27u"
const action = { kind: "search", query: "bun 1.4" } as const
const begun: Scripted[number] = [{ type: "hosted", index: 0, action }]

function ending(): Scripted {
  const sources = [{ url: "https://bun.sh/blog" }]
  const item = { wire: "w", provider: "test", model: "scripted", data: {} }
  return [
    [
      { type: "hosted", index: 0, action, sources },
      { type: "item_end", index: 0, providerData: item },
      { type: "text", index: 1, text: "It is 1.4." },
      { type: "item_end", index: 1 },
      { type: "usage", usage: { input: 1, output: 1 } },
      { type: "stop", reason: "end" },
    ],
  ]
}

test("what the provider searches for is on the screen while it does, and gives way to what it found", async () => {
  const found = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([begun, found.promise, ...ending()]), { rows: 40 })
  await at.type("which bun?\r")
  const during = await at.until("searching the web: bun 1.4")
  expect(during).toMatch(/searches the web .*esc stop/)
  found.resolve()
  const after = await at.until("It is 1.4.")
  expect(after).toContain("web search: bun 1.4 · 1 page (bun.sh)")
  expect(after).not.toContain("searching the web")
  await at.leave()
})

test("a search that was stopped is told as that", async () => {
  const at = await sit(scriptedModel([begun, new Promise(() => undefined)]), { rows: 40 })
  await at.type("which bun?\r")
  await at.until("searching the web: bun 1.4")
  await at.type(ESC)
  expect(await at.until("Stopped")).toContain("searching the web: bun 1.4 … stopped")
  await at.leave()
})
