import { expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Task } from "@skein/protocol"
import { compose } from "../src/index.ts"

/** Who does a task beside a model, for a person with this configuration. */
async function whoDoes(task: Task, model: string, toml = ""): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "skein-tasks-"))
  mkdirSync(join(home, "config"), { recursive: true })
  writeFileSync(join(home, "config", "config.toml"), toml, { mode: 0o600 })
  const env = { SKEIN_HOME: home, ANTHROPIC_API_KEY: "sk-a", OPENAI_API_KEY: "sk-o", DEEPSEEK_API_KEY: "sk-d" }
  const host = compose({ cwd: home, home, version: "0.0.0", env })
  try {
    const tasks = await host.engine.ask({ type: "tasks.list", model })
    const choice = tasks.find((one) => one.task === task)?.choice
    return choice?.kind === "model" ? choice.model : `${choice?.kind}: ${choice?.why}`
  } finally {
    await host.close()
    rmSync(home, { recursive: true, force: true })
  }
}

test("a task is done by a model of the session's own provider, whoever else there is a key for", async () => {
  const models = ["anthropic/claude-opus-5-5", "openai/gpt-5.5", "mistral/mistral-medium-latest"] as const
  const titles = await Promise.all(models.map((model) => whoDoes("title", model)))
  const reviews = await Promise.all(models.map((model) => whoDoes("review", model)))

  expect(titles).toEqual([
    "anthropic/claude-haiku-5-5",
    "openai/gpt-5.6-luna",
    "rule: no model of mistral is known for it",
  ])
  expect(reviews).toEqual(["anthropic/claude-opus-5-5", "openai/gpt-6.1-sol", "mistral/mistral-medium-latest"])
})

test("a tier that the person gave to another provider is not shown what they say to this one", async () => {
  const toml = '[tiers.rush]\nmodel = "openai/gpt-5-mini"'

  expect(await whoDoes("title", "anthropic/claude-opus-5-5", toml)).toBe("anthropic/claude-haiku-5-5")
  expect(await whoDoes("title", "openai/gpt-5.5", toml)).toBe("openai/gpt-5-mini")
})

test("beside a model on this machine nobody else is asked: a title is made by rule, the rest is its own work", async () => {
  expect(await whoDoes("title", "ollama/qwen3")).toBe("rule: the session's model runs on this machine")
  expect(await whoDoes("compaction", "ollama/qwen3")).toBe("ollama/qwen3")
  expect(await whoDoes("oracle", "ollama/qwen3")).toBe("ollama/qwen3")
  expect(await whoDoes("completion", "ollama/qwen3")).toBe("off: it would keep this machine busy")
})

test("suggestions cost nothing unless the person says otherwise", async () => {
  const free = '[models."openai/mine"]\nprice = {input = 0, output = 0}'

  expect(await whoDoes("completion", "openai/gpt-5.5")).toBe(
    "off: no model of openai is known for it that costs nothing",
  )
  expect(await whoDoes("completion", "openai/gpt-5.5", free)).toBe("openai/mine")
  expect(await whoDoes("completion", "openai/gpt-5.5", '[tasks]\ncompletion = "rush"')).toBe("openai/gpt-5.6-luna")
})

test("images are described only to a model that is known to see none, by one of its provider that sees them", async () => {
  const blind = '[models."anthropic/blind"]\nimages = false'

  expect(await whoDoes("look_at", "anthropic/blind", blind)).toBe("anthropic/claude-haiku-5-5")
  expect(await whoDoes("look_at", "anthropic/claude-opus-5-5")).toBe("off: the session's model is shown images")
  expect(await whoDoes("look_at", "zai/glm-5.3")).toBe("rule: no model of zai is known for it")

  // Whoever the person named describes what the session's model cannot see, and is shown nothing else.
  const named = `${blind}\n[tasks]\nlook_at = "gpt-5.4-mini"`
  expect(await whoDoes("look_at", "anthropic/blind", named)).toBe("openai/gpt-5.4-mini")
  expect(await whoDoes("look_at", "anthropic/claude-opus-5-5", named)).toBe("off: the session's model is shown images")
})

test("what the person says of a task holds, whoever it is", async () => {
  const said = (value: string) => whoDoes("title", "anthropic/claude-opus-5-5", `[tasks]\ntitle = "${value}"`)

  expect(await said("gpt-5.4-mini")).toBe("openai/gpt-5.4-mini")
  expect(await said("session")).toBe("anthropic/claude-opus-5-5")
  expect(await said("deep")).toBe("anthropic/claude-opus-5-5")
  expect(await said("off")).toBe("off: tasks.title says so")
  expect(await said("rule")).toBe("rule: tasks.title says so")
})

test("free is what runs on this machine or is priced at nothing, and is said where there is none", async () => {
  const free = async (model: string, toml = "") => {
    const home = mkdtempSync(join(tmpdir(), "skein-free-"))
    mkdirSync(join(home, "config"), { recursive: true })
    writeFileSync(join(home, "config", "config.toml"), toml, { mode: 0o600 })
    const host = compose({ cwd: home, home, version: "0.0.0", env: { SKEIN_HOME: home, OPENAI_API_KEY: "sk-o" } })
    try {
      const receipt = await host.engine.submit({ type: "session.create", cwd: home, settings: { model } })
      if (receipt.status === "rejected") throw new Error(receipt.message)
      const infos = await host.engine.ask({ type: "tiers.list", sessionId: receipt.sessionId })
      const info = infos.find(({ tier }) => tier === "free")
      return info?.model ?? info?.blocker
    } finally {
      await host.close()
      rmSync(home, { recursive: true, force: true })
    }
  }
  expect(await free("ollama/qwen3")).toBe("ollama/qwen3")
  expect(await free("openai/gpt-5.5", '[models."openai/gift"]\nprice = {input = 0, output = 0}')).toBe("openai/gift")
  expect(await free("openai/gpt-5.5")).toContain("no model of openai is known for it")
})
