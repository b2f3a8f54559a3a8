import { expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compose } from "../src/index.ts"
import { estimatedTokens } from "../src/world.ts"

test("the instructions and all tools together leave room in a small model's window: under 3,000 tokens", async () => {
  const home = mkdtempSync(join(tmpdir(), "skein-first-"))
  const host = compose({ env: {}, home, cwd: home, version: "0" })
  try {
    const sections = host.sources.report({ cwd: home, roots: [home] }).sections
    const system = sections.map(({ text }) => text).join("\n\n")
    const tools = await host.engine.ask({ type: "tools.list" })
    expect(sections.map(({ source }) => source)).toEqual(["instructions", "environment"])
    expect(tools.length).toBeGreaterThan(5)
    expect(estimatedTokens.estimate(system + JSON.stringify(tools))).toBeLessThan(3_000)
  } finally {
    await host.close()
    rmSync(home, { recursive: true, force: true })
  }
})
