import { expect, test } from "bun:test"
import { secondOpinion } from "./grammar.ts"
import { type Facts, noFacts } from "./nodes.ts"

const startingAt = (...starts: number[]): Facts => ({ ...noFacts(), commandStarts: new Set(starts) })

test("two readers that find the same commands at the same places agree", async () => {
  expect(await secondOpinion("a 'b'; c $(d)", startingAt(0, 7, 11))).toBeUndefined()
})

test("a command that only one of them finds is told, whichever it is", async () => {
  const differ = "Two readers of bash find different commands in it"

  expect(await secondOpinion("a 'b'; c $(d)", startingAt(0, 7))).toBe(differ)
  expect(await secondOpinion("a 'b; c $(d)'", startingAt(0, 6))).toBe(differ)
  expect(await secondOpinion("a 'b'; c", startingAt(0, 8))).toBe(differ)
})

test("what the other reader cannot read is told", async () => {
  expect(await secondOpinion("a (b", startingAt(0))).toBe("A part of it cannot be read as bash")
  expect(await secondOpinion("if a; then", startingAt(3))).toBe("A part of it cannot be read as bash")
})
