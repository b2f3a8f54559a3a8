import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

let folder = ""
let file = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-features-"))
  file = join(folder, "config", "config.toml")
})
beforeEach(() => rmSync(join(folder, "config"), { recursive: true, force: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function features(...args: string[]) {
  const main = join(import.meta.dir, "../src/main.ts")
  const child = Bun.spawn([process.execPath, main, "features", ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, SKEIN_HOME: folder },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, err }
}

async function isOn(name: string, ...args: string[]): Promise<boolean> {
  const { out } = await features("list", "--json", ...args)
  return JSON.parse(out).find((row: { name: string }) => row.name === name).isEnabled
}

function configured(text: string): void {
  mkdirSync(join(folder, "config"), { recursive: true })
  writeFileSync(file, text)
}

test("features are listed with their stage and their state", async () => {
  const { out, code } = await features()

  expect(code).toBe(0)
  expect(out).toMatch(/^hooks +stable +true$/m)
  expect(out).toMatch(/^tool_router +experimental +false$/m)
})

test("a feature is switched in [features] alone, and what else stands in the file stays byte for byte", async () => {
  const before =
    '# mine\nmodel = "a/b"   # the good one\n\n[features]\n# why\nhooks = true # said once\n\n[lsp]\nidle_minutes = 3\n'
  configured(before)
  const off = await features("disable", "hooks")

  expect(off).toMatchObject({ code: 0, out: "Disabled feature `hooks` in config.toml.\n" })
  expect(readFileSync(file, "utf8")).toBe(before.replace("hooks = true", "hooks = false"))
  expect(await isOn("hooks")).toBe(false)
  await features("enable", "tool_router")
  expect(Bun.TOML.parse(readFileSync(file, "utf8"))).toMatchObject({ features: { hooks: false, tool_router: true } })
})

test("where there is no file one is made, for its owner alone", async () => {
  await features("enable", "windowing")

  expect(await isOn("windowing")).toBe(true)
  expect(existsSync(file)).toBe(true)
})

test("a name that is none is refused with what was likely meant, and nothing is written", async () => {
  const slip = await features("enable", "hoks")

  expect(slip.code).not.toBe(0)
  expect(slip.err).toContain("Unknown feature flag: hoks. Did you mean hooks?")
  expect(existsSync(file)).toBe(false)
  expect((await features("enable")).code).toBe(2)
})

test("flags lie over the file for one call, and the setting itself is a closer word than its feature", async () => {
  configured("[features]\nlsp = false\n[hooks]\nenabled = true\n")

  expect(await isOn("lsp")).toBe(false)
  expect(await isOn("lsp", "--enable", "lsp")).toBe(true)
  expect(await isOn("lsp", "-c", "features.lsp=true")).toBe(true)
  configured("[features]\nhooks = false\n[hooks]\nenabled = true\n")
  expect(await isOn("hooks")).toBe(true)
})

test("a feature that there is not is refused with those there are, or the one that is near", async () => {
  const [none, near] = [await features("enable", "nope"), await features("enable", "hoks")]

  expect([none.code, none.err]).toEqual([
    78,
    expect.stringMatching(/feature flag: nope\. There are: .*hooks.*tool_router/),
  ])
  expect([near.code, near.err]).toEqual([78, expect.stringMatching(/feature flag: hoks\. Did you mean hooks\?/)])
})
