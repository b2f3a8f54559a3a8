import { expect, test } from "bun:test"
import { diffContent } from "./diffs.ts"

const of = (lines: readonly string[], head = "--- /w/a\n+++ /w/a\n") => `${head}${lines.join("\n")}\n`

test("each hunk is a diff of the lines it holds", () => {
  const diff = of(["@@ -1,2 +1,2 @@", " a", "-b", "+B", "@@ -9 +9,2 @@", " i", "+j"])

  expect(diffContent({ path: "/w/a", diff })).toEqual([
    { type: "diff", path: "/w/a", oldText: "a\nb\n", newText: "a\nB\n" },
    { type: "diff", path: "/w/a", oldText: "i\n", newText: "i\nj\n" },
  ])
})

test("a new file has no old text", () => {
  const diff = of(["@@ -0,0 +1 @@", "+a"], "--- /dev/null\n+++ /w/a\n")

  expect(diffContent({ path: "/w/a", diff })).toEqual([{ type: "diff", path: "/w/a", oldText: null, newText: "a\n" }])
})

test("a missing newline at the end is kept missing, on the side it is on", () => {
  const diff = of(["@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+a"])

  expect(diffContent({ path: "/w/a", diff })).toEqual([{ type: "diff", path: "/w/a", oldText: "a", newText: "a\n" }])
})

test("a diff that was cut is shown as it is, because neither text is known", () => {
  const cut = of(["@@ -1 +1 @@", "-a", "… (7 more lines of diff)"])
  const long = of(["@@ -1 +1 @@", "-a", `+${"b".repeat(1_000)}…`])

  for (const diff of [cut, long, "Binary files differ"]) {
    expect(diffContent({ path: "/w/a", diff })).toMatchObject([{ type: "content", content: { type: "text" } }])
  }
})
