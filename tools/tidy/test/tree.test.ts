import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { shrunk } from "../src/rules/sizes.ts"
import { isSource, readTree, treeOf } from "../src/tree.ts"

const scratch = mkdtempSync(join(tmpdir(), "skein-tree-"))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function write(folder: string, files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(scratch, folder, path, ".."), { recursive: true })
    writeFileSync(join(scratch, folder, path), text)
  }
  return join(scratch, folder)
}

const FILES = { "a.ts": "one", "src/b.ts": "two", "src/c.bin": "\0\0", "node_modules/x/d.ts": "no", "dist/e": "no" }
const READ = { "a.ts": "one", "src/b.ts": "two", "src/c.bin": "" }

test("in a git checkout the tree has what is tracked or new, and nothing that is ignored or deleted", () => {
  const root = write("git", { ...FILES, ".gitignore": "node_modules/\ndist/\n", "gone.ts": "" })
  for (const args of [
    ["init", "-q"],
    ["add", "."],
  ])
    Bun.spawnSync(["git", ...args], { cwd: root })
  rmSync(join(root, "gone.ts"))
  writeFileSync(join(root, "new.ts"), "new")

  const { ".gitignore": _, ...seen } = Object.fromEntries(readTree(root).files)
  expect(seen).toEqual({ ...READ, "new.ts": "new" })
})

test("in an unpacked archive the tree has everything but what is installed or built", () => {
  expect(Object.fromEntries(readTree(write("archive", FILES)).files)).toEqual(READ)
})

test("the list of long files can only get shorter and its numbers smaller", () => {
  const tree = treeOf({
    "grown.ts": "a\n".repeat(500),
    "cut.ts": "a\n".repeat(310),
    "mended.ts": "a\n",
    "new.ts": "a\n".repeat(400),
  })
  expect(shrunk(tree, { "grown.ts": 400, "cut.ts": 400, "mended.ts": 400, "gone.ts": 400 })).toEqual({
    "grown.ts": 400,
    "cut.ts": 310,
  })
})

test("what is kept as evidence below a test is not judged; what ships is, whatever its folder is called", () => {
  expect(isSource("adapters/foreign/test/fixtures/a.ts")).toBe(false)
  expect(isSource("frontends/tui/src/fixtures/a.ts")).toBe(true)
})
