import { afterEach, beforeEach, expect, test } from "bun:test"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { GraphWanted, MapWanted } from "@skein/core/ports"
import { type Outline, outline } from "../src/index.ts"

let base: string
let root: string
let code: Outline
const never = new AbortController().signal

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "skein-outline-")))
  root = join(base, "work")
  code = outline({ cacheDir: join(base, "cache") })
})
afterEach(() => {
  code.close()
  rmSync(base, { recursive: true, force: true })
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
}

const tree = () => ({
  root,
  files: readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
})
const map = async (wanted: Partial<MapWanted> = {}) =>
  await code.map(tree(), { tokensMax: 1_000, focus: [], within: "", ...wanted }, never)
const find = async (name: string, within = "") =>
  (await code.find(tree(), { name, within, limit: 10 }, never)).found.map(({ path, line }) => `${path}:${line}`)
const graph = async (of: GraphWanted["of"], direction: GraphWanted["direction"] = "both", depth = 1) =>
  (await code.graph(tree(), { of, direction, depth, edgesMax: 50 }, never)).edges.map(
    ({ from, to }) => `${from} > ${to}`,
  )

/** A function in each of `count` files; each mentions the one of the file before it. */
function chain(count: number): void {
  for (let at = 0; at < count; at++) {
    const before = at === 0 ? "" : `  functionNumber${at - 1}()\n`
    write({ [`src/file${at}.ts`]: `export function functionNumber${at}(argument: string): void {\n${before}}\n` })
  }
}

test("what most files name stands first, with its file and line", async () => {
  write({ "lib/core.ts": "// a remark\nexport function usedByAll() {}\nexport function usedByNone() {}\n" })
  for (const name of ["a", "b", "c"]) write({ [`${name}.ts`]: `export function only${name}Alone() { usedByAll() }\n` })
  const { text, files, definitions } = await map()
  expect(text.split("\n").slice(0, 2)).toEqual(["lib/core.ts", " 2: export function usedByAll()"])
  expect([files, definitions]).toEqual([4, 5])
})

test("a mention in a comment or a string of another file is none", async () => {
  write({ "x.ts": "export function firstCandidate() {}\n", "y.ts": "export function secondCandidate() {}\n" })
  for (const name of ["a", "b", "c"])
    write({ [`${name}.ts`]: `// firstCandidate\nlog("firstCandidate", /* firstCandidate */ 1)\n` })
  write({ "d.ts": "secondCandidate()\n" })
  expect((await map()).text.split("\n")[0]).toBe("y.ts")
})

test.each([200, 500, 2_000, 5_000])(
  "a map of %d tokens is never larger, and at most 5 % smaller where there is more to show",
  async (tokensMax) => {
    chain(700)
    const { text } = await map({ tokensMax })
    expect(text.length / 3.5).toBeLessThanOrEqual(tokensMax)
    expect(text.length / 3.5).toBeGreaterThan(tokensMax * 0.95)
  },
  30_000,
)

test("what it is to be about comes first, and a part of the tree can be shown alone", async () => {
  chain(30)
  expect((await map({ focus: ["src/file7.ts"] })).text).toStartWith("src/file7.ts\n")
  expect((await map({ focus: ["functionNumber9"] })).text).toStartWith("src/file9.ts\n")
  write({ "other/z.ts": "export const theOnlyOne = 1\n" })
  expect((await map({ within: "other" })).text).toBe("other/z.ts\n 1: export const theOnlyOne")
})

test("a change is seen, a file that is gone is forgotten, and what did not change is not read again", async () => {
  write({ "a.ts": "export function oldName() {}\n", "b.ts": "export function staying() {}\n" })
  utimesSync(join(root, "b.ts"), 1_000, 1_000)
  expect(await find("oldName")).toEqual(["a.ts:1"])
  write({ "a.ts": "\nexport function newNameHere() {}\n" })
  expect([await find("oldName"), await find("newNameHere")]).toEqual([[], ["a.ts:2"]])
  rmSync(join(root, "a.ts"))
  expect(await find("newNameHere")).toEqual([])
  // Same size and time: it is taken for the same, which shows that it was not read.
  write({ "b.ts": "export function changed() {}\n" })
  utimesSync(join(root, "b.ts"), 1_000, 1_000)
  expect(await find("staying")).toEqual(["b.ts:1"])
})

test("what was read outlives the process, in a file for its owner alone; a damaged one is made anew", async () => {
  write({ "a.ts": "export function keptName() {}\n" })
  expect(await find("keptName")).toEqual(["a.ts:1"])
  code.close()
  const folder = join(base, "cache/outline")
  const [kept = ""] = readdirSync(folder).filter((name) => name.endsWith(".sqlite"))
  expect(statSync(join(folder, kept)).mode & 0o777).toBe(0o600)
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "no database at all ".repeat(500))
  expect(await find("keptName")).toEqual(["a.ts:1"])
})

test("no link is followed, in a path or at its end, and what is no code of a person's is left out", async () => {
  mkdirSync(join(base, "outside"), { recursive: true })
  writeFileSync(join(base, "outside/secret.ts"), "export function fromOutside() {}\n")
  write({ "a.ts": "export function inside() {}\n", "min.js": `function packed(){};${"x=1;".repeat(20_000)}` })
  symlinkSync(join(base, "outside"), join(root, "linked"))
  symlinkSync(join(base, "outside/secret.ts"), join(root, "one.ts"))
  const files = ["a.ts", "linked/secret.ts", "one.ts", "min.js", "gone.ts"]
  const { text } = await code.map({ root, files }, { tokensMax: 500, focus: [], within: "" }, never)
  expect(text).toBe("a.ts\n 1: export function inside()")
})

test("definitions are found by name: the same first, then beginnings, then parts, in a folder where one is named", async () => {
  write({
    "a.ts": "export function store() {}\nexport function storeAll() {}\nexport function restore() {}\n",
    "sub/b.py": "class Store:\n  def put(self): pass\n",
  })
  expect(await find("store")).toEqual(["a.ts:1", "sub/b.py:1", "a.ts:2", "a.ts:3"])
  expect(await find("Store.put")).toEqual(["sub/b.py:2"])
  expect(await find("store", "sub")).toEqual(["sub/b.py:1"])
  expect(await find("st_re")).toEqual([])
})

test("a file has its outline without its tree being read, and one in no language has none", async () => {
  write({ "a.ts": "class A {\n  m() {}\n}\n", "a.txt": "words\n" })
  expect(await code.outline(join(root, "a.ts"), never)).toEqual([
    { name: "A", kind: "class", line: 1, lineEnd: 3, depth: 0, signature: "class A" },
    { name: "m", kind: "method", line: 2, lineEnd: 2, depth: 1, signature: "m()" },
  ])
  expect(await code.outline(join(root, "a.txt"), never)).toBeUndefined()
  const refused = await code.outline(join(root, "gone.ts"), never).catch((error: Error) => error.message)
  expect(refused).toContain("cannot be read as code")
})

test("imports lead to files, in every language that names them", async () => {
  write({
    "src/a.ts": `import "./b.js"\nimport "../lib"\nimport "left-pad"\n`,
    "src/b.ts": "",
    "lib/index.ts": "",
    "py/app/main.py": "from .util import x\nimport app.deep.more\n",
    "py/app/util.py": "",
    "py/app/deep/more.py": "",
    "go/cmd/main.go": `package main\nimport "example.org/go/inner"\n`,
    "go/inner/x.go": "package inner\n",
    "rs/src/main.rs": "mod part;\nuse crate::deep::thing::Name;\n",
    "rs/src/part.rs": "",
    "rs/src/deep/thing.rs": "",
    "j/org/x/A.java": "import org.x.B;\nclass A {}\n",
    "j/org/x/B.java": "class B {}\n",
    "rb/a.rb": `require_relative "b"\n`,
    "rb/b.rb": "",
    "c/a.c": `#include "a.h"\n#include <stdio.h>\n`,
    "c/a.h": "",
    "php/a.php": "<?php\nuse App\\Model\\User;\n",
    "php/src/Model/User.php": "<?php\n",
    "sh/a.sh": "source ./b.sh\n",
    "sh/b.sh": "",
  })
  expect((await graph({ path: "" }, "out")).toSorted()).toEqual([
    "c/a.c > c/a.h",
    "go/cmd/main.go > go/inner/",
    "j/org/x/A.java > j/org/x/B.java",
    "php/a.php > php/src/Model/User.php",
    "py/app/main.py > py/app/deep/more.py",
    "py/app/main.py > py/app/util.py",
    "rb/a.rb > rb/b.rb",
    "rs/src/main.rs > rs/src/deep/thing.rs",
    "rs/src/main.rs > rs/src/part.rs",
    "sh/a.sh > sh/b.sh",
    "src/a.ts > lib/index.ts",
    "src/a.ts > src/b.ts",
  ])
  expect(await graph({ path: "src/b.ts" }, "in")).toEqual(["src/a.ts > src/b.ts"])
})

test("callers and callees are found as far as was asked, each with its line", async () => {
  write({
    "a.ts": "export function top() {\n  return middle()\n}\n",
    "b.ts": "export function middle() {\n  return bottom()\n}\n",
    "c.ts": "export function bottom() {}\nbottom()\n",
  })
  expect(await graph({ symbol: "middle" })).toEqual(["b.ts:1 middle > c.ts:1 bottom", "a.ts:1 top > b.ts:1 middle"])
  expect(await graph({ symbol: "top" }, "out", 2)).toEqual([
    "a.ts:1 top > b.ts:1 middle",
    "b.ts:1 middle > c.ts:1 bottom",
  ])
  expect(await graph({ symbol: "bottom" }, "in")).toEqual([
    "b.ts:1 middle > c.ts:1 bottom",
    "c.ts:2 (top) > c.ts:1 bottom",
  ])
})

test("a call that is stopped ends at once, and the next one is answered", async () => {
  chain(300)
  const stopping = new AbortController()
  const asked = code.map(tree(), { tokensMax: 500, focus: [], within: "" }, stopping.signal)
  stopping.abort(new Error("enough"))
  await expect(asked).rejects.toThrow("enough")
  expect((await map()).filesRead).toBe(300)
}, 30_000)

test("names that would end a line or hide are made visible", async () => {
  write({ "a\nb.ts": "export function hidden\u202eName() {}\nexport class Fine {}\n" })
  const { text } = await map()
  expect(text).toContain("a\\nb.ts\n")
  expect(text).not.toContain("\u202e")
})
