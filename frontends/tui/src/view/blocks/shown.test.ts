import { expect, test } from "bun:test"
import { textOf } from "@skein/term"
import { lookOf, monochrome } from "../../../test/looks.ts"
import { blockLines } from "./block-lines.ts"

function shown(text: string) {
  const block = { kind: "shown", id: "s1", isFinal: true, title: "/diff", text } as const
  return blockLines(block, lookOf(60, monochrome()), { isExpanded: false, isFocused: false })
}

const FIRST = "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,2 +1,2 @@\n same\n-old\n+new"
const SECOND = "b.png: nothing became a file of 2 kB.\n--- /dev/null\n+++ b/c.ts\n@@ -0,0 +1 @@\n+made"

test("changes that a command gives are drawn as changes are everywhere, every file of them by its name", () => {
  const lines = shown(`${FIRST}\n${SECOND}`)
  expect(lines.map(textOf)).toMatchInlineSnapshot(`
    [
      "  /diff",
      "  ▎  src/a.ts",
      "  ▎   1     same",
      "  ▎   2   - old",
      "  ▎   2   + new",
      "  ▎  b.png: nothing became a file of 2 kB.",
      "  ▎",
      "  ▎  c.ts  new",
      "  ▎   1   + made",
    ]
  `)
  const { theme } = lookOf(60, monochrome())
  const styles = (text: string) => lines.find((line) => textOf(line).includes(text))?.map(({ style }) => style)
  expect(styles("new")).toContainEqual(expect.objectContaining(theme.added))
})

test("a text that is no diff stays as it is, signs and all", () => {
  expect(shown("--- a title ---\n+ one\n- two").map(textOf)).toEqual([
    "  /diff",
    "  --- a title ---",
    "  + one",
    "  - two",
  ])
})
