import { describe, expect, test } from "bun:test"
import { diffOf } from "./diff.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const numbers = (count: number, map = (index: number) => `${index}`) =>
  bytes(`${Array.from({ length: count }, (_, index) => map(index)).join("\n")}\n`)

describe("a diff", () => {
  test("is unified, and counts lines", async () => {
    expect(await diffOf("a.ts", bytes("a\nb\nc"), bytes("a\nB\nc\nd"))).toEqual({
      text: "--- a.ts\n+++ a.ts\n@@ -1,3 +1,4 @@\n a\n-b\n-c\n\\ No newline at end of file\n+B\n+c\n+d\n\\ No newline at end of file\n",
      added: 3,
      removed: 2,
      lines: [2],
    })
  })

  test("of a file that is not there yet begins at nothing", async () => {
    expect((await diffOf("a", null, bytes("x\n"))).text).toBe("--- /dev/null\n+++ a\n@@ -0,0 +1,1 @@\n+x\n")
  })

  test("of binary content is empty", async () => {
    expect(await diffOf("a", bytes("a\0b"), bytes("x"))).toEqual({ text: "", added: 0, removed: 0, lines: [] })
  })

  test("is bounded and says how much is left out", async () => {
    const { text, added } = await diffOf("a", null, numbers(2_000))
    expect([text.split("\n").length, added]).toEqual([402, 2_000])
    expect(text).toEndWith("… (1603 more lines of diff)\n")
    const long = await diffOf(
      "a",
      null,
      numbers(300, () => "x".repeat(5_000)),
    )
    expect(long.text.length).toBeLessThan(32_000)
  })

  test("of a file changed all over is still counted rightly, and quickly", async () => {
    const before = numbers(40_000, (index) => `line ${index}`)
    const started = performance.now()
    const { added, removed, lines } = await diffOf(
      "a",
      before,
      numbers(40_000, (index) => `line ${index % 4 === 0 ? -index : index}`),
    )
    expect([added, removed, lines.slice(0, 3)]).toEqual([9_999, 9_999, [5, 9, 13]])
    const longer = await diffOf(
      "a",
      before,
      numbers(40_001, (index) => `other ${index}`),
    )
    expect([longer.added, longer.removed]).toEqual([40_001, 40_000])
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
