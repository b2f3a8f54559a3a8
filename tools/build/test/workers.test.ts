import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ROOT, WORKERS } from "../src/binary.ts"
import { compile } from "../src/flags.ts"

const scratch = mkdtempSync(join(tmpdir(), "skein-workers-"))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const PROGRAM = `
const { createHighlighter } = await import(${JSON.stringify(join(ROOT, "packages/highlight/src/index.ts"))})
const highlighter = createHighlighter({ waitMaxMs: 30_000, timeMaxMs: 30_000, patienceMs: 60_000 })
await highlighter.prepare("json")
console.log(JSON.stringify(highlighter.highlighted("1", "json")))
`

test("a compiled program colors code by its own worker, whatever the folder has under that name", async () => {
  const entry = join(scratch, "main.ts")
  const cwd = join(scratch, "checkout")
  mkdirSync(join(cwd, "packages/highlight/src"), { recursive: true })
  for (const name of ["worker.js", "worker.ts", "packages/highlight/src/worker.js"]) {
    writeFileSync(join(cwd, name), 'console.log("theirs")\n')
  }
  writeFileSync(entry, PROGRAM)
  await compile(entry, join(scratch, "program"), { root: ROOT, workers: WORKERS })

  const { stdout, stderr } = Bun.spawnSync([join(scratch, "program")], { cwd })
  expect(stderr.toString()).toBe("")
  expect(JSON.parse(stdout.toString())).toEqual([[{ text: "1", kind: "number" }]])
}, 60_000)
