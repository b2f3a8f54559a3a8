import { expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { tools } from "@skein/tools"
import { compose } from "../src/index.ts"
import { estimatedTokens } from "../src/world.ts"

/** The tools of the compact profile. */
const SIX = ["read", "write", "edit", "glob", "grep", "bash"]

const unused = () => Promise.reject(new Error("No tool is run here"))
const UNUSED: Parameters<typeof tools>[0] = {
  ...{ files: undefined as never, exec: undefined as never, shell: undefined as never },
  ripgrep: unused,
}

test("the instructions and the tools as a request tells of them leave room in a small model's window: under 3,800 tokens", async () => {
  const home = mkdtempSync(join(tmpdir(), "skein-first-"))
  const host = compose({ env: {}, home, cwd: home, version: "0" })
  try {
    const sections = host.sources.report({ cwd: home, roots: [home] }).sections
    const system = sections.map(({ text }) => text).join("\n\n")
    const told = tools(UNUSED).offered({ profile: "standard", allows: () => true })
    expect(sections.map(({ source }) => source)).toEqual(["instructions", "environment"])
    expect(told.length).toBeGreaterThan(5)
    expect(estimatedTokens.estimate(system + JSON.stringify(told))).toBeLessThan(3_800)
  } finally {
    await host.close()
    rmSync(home, { recursive: true, force: true })
  }
})

test("with a long instruction file too, the compact profile stays under 3,000 tokens", async () => {
  const home = mkdtempSync(join(tmpdir(), "skein-first-"))
  writeFileSync(join(home, "AGENTS.md"), "Write tests for what you change.\n".repeat(2_000))
  const host = compose({ env: {}, home, cwd: home, version: "0" })
  try {
    const { sections } = host.sources.report({ cwd: home, roots: [home], profile: "compact" })
    const tools = (await host.engine.ask({ type: "tools.list" })).filter(({ name }) => SIX.includes(name))
    expect(sections.map(({ source }) => source)).toEqual(["instructions", "agents_md", "environment"])
    expect(sections[1]?.text).toContain("are left out, read the file for them")
    expect(tools.length).toBe(6)
    const system = sections.map(({ text }) => text).join("\n\n")
    expect(
      estimatedTokens.estimate(
        system +
          JSON.stringify(tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))),
      ),
    ).toBeLessThan(3_000)
  } finally {
    await host.close()
    rmSync(home, { recursive: true, force: true })
  }
})

test("a model of this machine or with a small window begins compact, unless the person says what they want", () => {
  const home = mkdtempSync(join(tmpdir(), "skein-first-"))
  const small = 'models."anthropic/claude-sonnet-5-5".context_tokens=16000'
  const chosen = (model: string, overrides: readonly string[] = []) => {
    const host = compose({ env: { ANTHROPIC_API_KEY: "sk-none" }, home, cwd: home, version: "0", overrides })
    const found = host.profileFor(model, home)
    return host.close().then(() => found)
  }
  return Promise.all([
    expect(chosen("anthropic/claude-sonnet-5-5")).resolves.toEqual({ profile: "standard" }),
    expect(chosen("anthropic/claude-sonnet-5-5", [small])).resolves.toMatchObject({
      ...{ profile: "compact", notice: expect.stringContaining("has a small window (16000 tokens)") },
    }),
    expect(chosen("ollama/qwen3")).resolves.toMatchObject({
      ...{ profile: "compact", notice: expect.stringContaining("ollama/qwen3 runs on this machine") },
    }),
    expect(chosen("ollama/qwen3", ['context.profile="standard"'])).resolves.toEqual({ profile: "standard" }),
    expect(chosen("anthropic/claude-sonnet-5-5", ['context.profile="compact"'])).resolves.toEqual({
      profile: "compact",
    }),
  ]).finally(() => rmSync(home, { recursive: true, force: true }))
})
