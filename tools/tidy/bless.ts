#!/usr/bin/env bun
// Writes down the public surface as it is now, and lowers the list of file sizes. Run it when a change is meant;
// the diff of golden/ is what is reviewed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { BASELINE, type Baseline, shrunk } from "./src/rules/sizes.ts"
import { hasVerbs, helpPages, SURFACES } from "./src/surface.ts"
import { readTree } from "./src/tree.ts"

const root = join(import.meta.dir, "../..")
const golden = join(import.meta.dir, "golden")

function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return
  writeFileSync(path, text)
  console.log(`wrote ${path.slice(root.length + 1)}`)
}

for (const { name, read } of SURFACES) write(join(golden, `${name}.golden`), await read(root))
if (hasVerbs(root)) {
  const home = mkdtempSync(join(tmpdir(), "skein-bless-"))
  const pages = await helpPages(root, home)
  for (const { name, text } of pages) write(join(golden, `${name}.golden`), text)
  const gone = readdirSync(golden).filter(
    (file) => /^help-/.test(file) && !pages.some(({ name }) => file === `${name}.golden`),
  )
  for (const file of gone) rmSync(join(golden, file))
  rmSync(home, { recursive: true, force: true })
}
const baseline = JSON.parse(readFileSync(join(root, BASELINE), "utf8")) as Baseline
write(join(root, BASELINE), `${JSON.stringify(shrunk(readTree(root), baseline), undefined, 2)}\n`)
