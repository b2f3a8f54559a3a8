import { afterAll, expect, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { glance } from "../src/glance.ts"
import type { HostRequest } from "../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "skein-glance-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function requested(name: string, more: Partial<HostRequest> = {}): HostRequest {
  const home = join(root, name)
  const cwd = join(home, "project")
  mkdirSync(cwd, { recursive: true })
  return { env: { ANTHROPIC_API_KEY: "sk-ant-nothing" }, cwd, home, version: "1", flags: {}, ...more }
}

test("a folder that nothing is to be asked about shows what a session would start with, and nothing is written", async () => {
  const request = requested("quiet")
  const seen = await glance(request)
  expect(seen?.settings).toMatchObject({ mode: "ask", sandbox: "workspace-write" })
  expect(seen?.settings.model).toStartWith("anthropic/")
  expect(await seen?.recent(3)).toEqual([])
  expect(readdirSync(request.home)).toEqual(["project"])
})

test("what is to be asked or told is left to an engine", async () => {
  const strange = requested("strange")
  writeFileSync(join(strange.cwd, ".mcp.json"), JSON.stringify({ mcpServers: { x: { command: "echo" } } }))
  expect(await glance(strange)).toBeUndefined()
  expect(await glance(requested("keyless", { env: {} }))).toBeUndefined()
  expect(await glance(requested("unknown", { flags: { model: "acme/no-such" } }))).toBeUndefined()
  expect(await glance(requested("unconfined", { flags: { sandbox: "full-access" } }))).toBeUndefined()
  expect(await glance(requested("consented", { consent: "no-sandbox" }))).toBeUndefined()
  expect(existsSync(join(root, "strange", ".local"))).toBe(false)
})
