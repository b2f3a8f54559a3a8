import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { findRipgrep } from "../src/index.ts"
import { type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession({ ripgrep: async () => findRipgrep(process.execPath) ?? "rg" })
})
afterEach(() => session.close())

const say = (input: Record<string, unknown>) => session.say("advanced_edit", input)

test.each<[string, string, string, string, string, string]>([
  ["a call", "a.ts", "log($A)", "info($A)", "log(1)\nlog( 'x' )\nlog(1, 2)\n", "info(1)\ninfo('x')\nlog(1, 2)\n"],
  ["any arguments", "a.ts", "f($A, $$$B)", "g($$$B, $A)", "f(1)\nf(1, 2,\n  3)\n", "g(1)\ng(2,\n  3, 1)\n"],
  ["the same twice", "a.js", "$A + $A", "2 * $A", "a + a\na + b\n", "2 * a\na + b\n"],
  ["across lines and comments", "a.ts", "f(a, b)", "g()", "f(\n  a, // first\n  b,\n)\n", "g()\n"],
  ["not in texts or comments", "a.ts", "f(1)", "g(1)", "// f(1)\nx = 'f(1)'\n", "// f(1)\nx = 'f(1)'\n"],
  [
    "statements, indented",
    "a.ts",
    "if ($C) { $$$B }",
    "when($C, () => {\n  $$$B\n})",
    "  if (a) {\n    b()\n    c()\n  }\n",
    "  when(a, () => {\n    b()\n    c()\n  })\n",
  ],
  [
    "a statement keeps its end",
    "a.ts",
    "const $A = r($B)",
    "import $A from $B",
    "const a = r('b');\n",
    "import a from 'b';\n",
  ],
  ["any piece", "a.ts", "f($_, $_)", "g()", "f(1, 2)\nf(1)\n", "g()\nf(1)\n"],
  ["tags", "a.tsx", "<A b={$C} />", "<D b={$C} />", "x = <A b={1} />\n", "x = <D b={1} />\n"],
  [
    "Python",
    "a.py",
    "def $F($$$A):\n    $$$B",
    "def $F($$$A) -> None:\n    $$$B",
    "def f(a):\n    x()\n    y()\n",
    "def f(a) -> None:\n    x()\n    y()\n",
  ],
  [
    "Go, inside a function",
    "a.go",
    "fmt.Println($A)",
    "log.Print($A)",
    "package m\nfunc f() {\n\tfmt.Println(x)\n}\n",
    "package m\nfunc f() {\n\tlog.Print(x)\n}\n",
  ],
  ["Rust", "a.rs", "$A.unwrap()", "$A?", "fn f() { g().unwrap(); }\n", "fn f() { g()?; }\n"],
  [
    "Java, a method",
    "a.java",
    "void $M() { $$$B }",
    "void $M() { t(); $$$B }",
    "class A { void f() { a(); } }\n",
    "class A { void f() { t(); a(); } }\n",
  ],
  ["Ruby", "a.rb", "puts $A", "log $A", "puts x\n", "log x\n"],
  ["C", "a.c", "malloc($N)", "xmalloc($N)", "int f() { g(malloc(3)); }\n", "int f() { g(xmalloc(3)); }\n"],
  ["CSS", "a.css", "color: $C;", "background: $C;", "a { color: red; }\n", "a { background: red; }\n"],
  ["other line ends", "a.ts", "f($A)", "g(\n  $A\n)", "f(1)\r\nx\r\n", "g(\r\n  1\r\n)\r\nx\r\n"],
])("code is found by its syntax and rewritten: %s", async (_, path, pattern, rewrite, before, after) => {
  session.put(path, before)
  const said = await say({ path, pattern, rewrite })
  expect(said).not.toStartWith("error")
  expect(session.text(path)).toBe(after)
})

describe("over a folder", () => {
  const put = () => {
    session.put("src/a.ts", "old(1)\n")
    session.put("src/deep/b.ts", "old(2)\nold(3)\n")
    session.put("src/c.py", "old(4)\n")
    session.put("src/none.ts", "other()\n")
    session.put(".gitignore", "skipped\n")
    session.put("skipped/d.ts", "old(5)\n")
  }

  test("all files of the language are one change, and those that git ignores are left alone", async () => {
    put()
    const input = { path: ".", language: "ts", pattern: "old($A)", rewrite: "fresh($A)" }
    const plan = await session.plan("advanced_edit", input)
    expect(plan.actions.map(({ verb, target }) => `${verb} ${target.slice(session.root.length)}`)).toEqual([
      "write /src/a.ts",
      "write /src/deep/b.ts",
    ])
    const result = await session.run(plan)
    expect(textOf(result)).toBe(
      "3 places in 2 files.\nChanged src/a.ts at line 1 (+1 −1). 1 place.\nChanged src/deep/b.ts at line 1 (+2 −2). 2 places.",
    )
    expect(["src/a.ts", "src/deep/b.ts", "src/c.py", "skipped/d.ts"].map((path) => session.text(path))).toEqual([
      ...["fresh(1)\n", "fresh(2)\nfresh(3)\n", "old(4)\n", "old(5)\n"],
    ])
  })

  test("without a rewrite it only finds, and only reads", async () => {
    put()
    const plan = await session.plan("advanced_edit", { path: "src", language: "typescript", pattern: "old($A)" })
    expect(plan.effects).toEqual([{ kind: "read", paths: [`${session.root}/src`], isInside: true }])
    expect(textOf(await session.run(plan))).toBe(
      "3 places in 2 files.\nsrc/a.ts:1: old(1)\nsrc/deep/b.ts:1: old(2)\nsrc/deep/b.ts:2: old(3)",
    )
  })

  test("a dry run shows the diff and writes nothing", async () => {
    put()
    const input = { path: "src", language: "ts", pattern: "old($A)", rewrite: "fresh($A)", dryRun: true }
    const plan = await session.plan("advanced_edit", input)
    expect(plan.effects.map(({ kind }) => kind)).toEqual(["read"])
    expect(textOf(await session.run(plan))).toContain("3 places in 2 files.\nNothing was written.\n--- src/a.ts")
    expect(session.text("src/a.ts")).toBe("old(1)\n")
  })

  test("a file that changed since it was read refuses all of it", async () => {
    put()
    await session.call("read", { path: "src/deep/b.ts" })
    session.put("src/deep/b.ts", "old(2)\nmine()\n")
    expect(await say({ path: "src", language: "ts", pattern: "old($A)", rewrite: "fresh($A)" })).toContain(
      "src/deep/b.ts was changed by someone else since you read it",
    )
    expect(session.text("src/a.ts")).toBe("old(1)\n")
  })
})

test.each([
  ["no language", { path: ".", pattern: "f()" }, ". does not tell its language: name it. The languages are typescript"],
  ["a language that is not known", { path: ".", language: "cobol", pattern: "f()" }, "There is no language cobol"],
  ["half a pattern", { path: "a.ts", pattern: "if (" }, "cannot be read as one whole piece of typescript"],
  ["a pattern that is all hole", { path: "a.ts", pattern: "$A" }, "it would match everything"],
  [
    "a hole of nowhere",
    { path: "a.ts", pattern: "f($A)", rewrite: "g($B)" },
    "The rewrite has $B, which the pattern does not name; it names $A.",
  ],
  ["what is not there", { path: "b.ts", pattern: "f()" }, "Cannot search b.ts: nothing is there"],
  ["nothing found", { path: "a.ts", pattern: "g()" }, "No typescript code matches."],
])("what cannot be done is said: %s", async (_, input, said) => {
  session.put("a.ts", "f(1)\n")
  expect(await say(input)).toContain(said)
  expect(session.text("a.ts")).toBe("f(1)\n")
})

test("code that is made to be slow ends in time", async () => {
  session.put("a.ts", `f(${"(".repeat(20_000)}\n`)
  session.put("b.ts", `f(${Array.from({ length: 300 }, () => "x").join(", ")})\n`)
  const started = performance.now()
  await say({ path: ".", language: "ts", pattern: "f($$$A, y, $$$B, y, $$$C, y, $$$D)", rewrite: "g()" })
  expect(performance.now() - started).toBeLessThan(30_000)
}, 60_000)
