import { expect, test } from "bun:test"
import { readSettings } from "./settings.ts"

test("a client that lets the web be searched widens nothing of what the person allowed of it", () => {
  const current = { model: "openai/gpt-5.5", webSearch: { access: "disabled", allowedDomains: ["bun.sh"] } } as const
  expect(readSettings({ webSearch: "live" }, current, []).changes.webSearch).toEqual({
    ...{ access: "live", allowedDomains: ["bun.sh"] },
  })
  expect(() => readSettings({ webSearch: "everywhere" }, current, [])).toThrow("unknown variant")
})
