import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compile } from "../src/flags.ts"

const scratch = mkdtempSync(join(tmpdir(), "skein-facts-"))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const PROGRAM = `
const facts = typeof SKEIN_BUILD === "undefined" ? undefined : SKEIN_BUILD
const found = Bun.embeddedFiles.map(({ name }) => name)
const asset = Bun.embeddedFiles.find(({ name }) => name === "rg")
const hash = asset && new Bun.CryptoHasher("sha256").update(await asset.bytes()).digest("hex")
console.log(JSON.stringify({ facts, found, fits: hash === facts?.assets.rg }))
if (process.argv[2] === "fail") throw new Error("A defect")
`

test("a compiled program knows its version and commit, and carries its programs byte for byte", async () => {
  const entry = join(scratch, "main.ts")
  const rg = join(scratch, "bin/rg")
  mkdirSync(join(scratch, "bin"))
  writeFileSync(entry, PROGRAM)
  writeFileSync(rg, crypto.getRandomValues(new Uint8Array(10_000)))
  const assets = { rg: new Bun.CryptoHasher("sha256").update(readFileSync(rg)).digest("hex") }
  const facts = { version: "1.2.3", commit: "abc", assets }
  await compile(entry, join(scratch, "program"), { root: scratch, facts, assets: [rg] })

  const run = (...args: string[]) => Bun.spawnSync([join(scratch, "program"), ...args], { cwd: tmpdir() })
  expect(JSON.parse(run().stdout.toString())).toEqual({ facts, found: ["rg"], fits: true })

  const defect = run("fail").stderr.toString()
  expect(defect).toContain("main.ts:7")
  expect(defect).not.toContain(scratch)
  expect(readFileSync(join(scratch, "program")).includes(scratch)).toBe(false)
}, 60_000)
