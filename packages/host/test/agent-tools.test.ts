import { expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compose } from "../src/index.ts"

test("every tool that a built-in agent is given or denied is one that there is", async () => {
  const home = mkdtempSync(join(tmpdir(), "skein-agents-"))
  const host = compose({ env: {}, home, cwd: home, version: "0" })
  try {
    const names = new Set((await host.engine.ask({ type: "tools.list" })).map(({ name }) => name))
    const { agents } = await host.agents.read(home)
    const said = agents.flatMap(({ tools = [], toolsDenied = [] }) => [...tools, ...toolsDenied])
    expect(said.length).toBeGreaterThan(20)
    expect(said.filter((name) => !name.includes("*") && !names.has(name))).toEqual([])
  } finally {
    await host.close()
    rmSync(home, { recursive: true, force: true })
  }
})
