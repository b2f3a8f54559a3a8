import { expect, test } from "bun:test"
import { keysOf } from "./keys.ts"
import { pick } from "./pick.ts"

const NAMES = ["Fix the cart /repo/shop", "Add tests /repo/shop", "Read the docs /repo/site"]

/** A person at a terminal of so many rows: what they press, and the last thing they saw. */
async function picked(pressed: readonly string[], { rows = 24, names = NAMES, columns = 80 } = {}) {
  const left = [...pressed]
  const frames: string[] = []
  const chosen = await pick({
    title: "Which?",
    found: names,
    line: (at, columns) => (names[at] ?? "").slice(0, columns),
    terminal: {
      columns,
      rows,
      read: () => {
        const bytes = left.shift()
        return bytes === undefined ? new Promise<string>(() => {}) : Promise.resolve(bytes)
      },
      write: (text) => void frames.push(text),
    },
  })
  const seen = frames
    .filter((text) => text.includes("Which?"))
    .map((text) =>
      text
        .replaceAll(/\u001b\[\d*[A-Z]|\r/g, "")
        .trimEnd()
        .split("\n"),
    )
  return { chosen, seen, frames }
}

const UP = "\u001b[A"
const DOWN = "\u001b[B"

test("the newest is marked, arrows move the mark, Enter takes it", async () => {
  const { chosen, seen } = await picked([DOWN, DOWN, DOWN, UP, "\r"])
  expect(chosen).toBe(1)
  expect(seen[0]?.slice(1)).toEqual([
    "/ ",
    "› Fix the cart /repo/shop",
    "  Add tests /repo/shop",
    "  Read the docs /repo/site",
  ])
  expect(seen.at(-1)?.[3]).toBe("› Add tests /repo/shop")
})

test("what is typed leaves only the entries that hold every word, in either case", async () => {
  const { chosen, seen } = await picked(["SHOP ", "te", "\r"])
  expect(chosen).toBe(1)
  expect(seen.at(-1)).toEqual([expect.stringContaining("Which? (1 of 1)"), "/ SHOP te", "› Add tests /repo/shop"])
})

test("nothing is taken where nothing fits, and erasing brings it back", async () => {
  const { chosen, seen } = await picked(["zz", "\r", "\u007f\u007f", "\r"])
  expect([chosen, seen[1]?.[0]]).toEqual([0, expect.stringContaining("(none fits)")])
})

test("Escape and Ctrl+C leave without one, and an arrow whose bytes come apart is no Escape", async () => {
  expect((await picked(["\u001b"])).chosen).toBeUndefined()
  expect((await picked(["\u0003"])).chosen).toBeUndefined()
  expect((await picked(["\u001b", "[B", "\r"])).chosen).toBe(1)
})

test("a long list scrolls, and every frame fits the terminal", async () => {
  const names = Array.from({ length: 10_000 }, (_, at) => `session ${at} ${"x".repeat(200)}`)
  const { chosen, seen } = await picked(["\u001b[F", UP, "\r"], { rows: 10, names, columns: 40 })
  expect(chosen).toBe(9_998)
  expect(Math.max(...seen.map((lines) => lines.length))).toBe(9)
  expect(Math.max(...seen.flat().map((text) => text.length))).toBeLessThan(40)
  expect(seen.at(-1)?.some((text) => text.startsWith("› session 9998 "))).toBe(true)
})

test("the terminal is left as it was found: the list gone, the cursor there", async () => {
  const { frames } = await picked(["\r"])
  expect(frames.slice(-2)).toEqual([`\u001b[5A\r${"\u001b[K\r\n".repeat(5)}\u001b[J`, "\u001b[5A\u001b[?25h"])
})

test("keys that mean nothing to a list are passed over", () => {
  expect(keysOf("\u001b[1;5C\u0001a\u001bOBé\t")).toEqual([
    { kind: "text", text: "a" },
    { kind: "down" },
    { kind: "text", text: "é" },
  ])
})
