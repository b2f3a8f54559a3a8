import { expect, test } from "bun:test"
import { gistOf, groupTurns, relevance, type TurnFacts } from "./window.ts"

const MINUTE = 60_000
const turn = (n: number, over: Partial<TurnFacts> = {}): TurnFacts => ({
  ...{ turnId: `trn_${n}`, startedAt: n * MINUTE, busyMs: 0, files: new Set(["/a"]), tools: new Set(["read"]) },
  ...{ isSettled: true, asked: `asked ${n}`, answered: `answered ${n}`, ...over },
})
const sizes = (...turns: readonly TurnFacts[]) => groupTurns(turns).map((group) => group.length)

test("turns about one thing are one group; a pause, other files or other tools begin the next", () => {
  expect(sizes(turn(1), turn(2), turn(3))).toEqual([3])
  expect(sizes(turn(1), turn(2), turn(20))).toEqual([2, 1])
  expect(sizes(turn(1), turn(2, { busyMs: 10 * MINUTE }), turn(20))).toEqual([3])
  expect(sizes(turn(1), turn(2), turn(3, { files: new Set(["/b"]) }))).toEqual([2, 1])
  expect(sizes(turn(1), turn(2), turn(3, { tools: new Set(["bash"]) }))).toEqual([2, 1])
})

test("a group has at least two turns, and none ends behind an open call", () => {
  expect(sizes(turn(1), turn(60), turn(120))).toEqual([2, 1])
  expect(sizes(turn(1), turn(2, { isSettled: false }), turn(60))).toEqual([3])
})

test("a group's line says what was asked, what was answered and how much there was, in 280 characters", () => {
  const groups = [[turn(1, { asked: "a".repeat(300) }), turn(2)], [turn(3)]]
  const line = gistOf(groups[0] ?? [], 1, groups)
  expect(line.length).toBeLessThanOrEqual(280)
  expect(line).toStartWith("[group 1: aaa")
  expect(line).toEndWith("(2 turns, 1 file, continued in group 2)]")
})

test("what is older and shares fewer files with the newest matters less", () => {
  const active = [turn(120)]
  const near = relevance([turn(110)], active)
  expect(relevance([turn(110, { files: new Set(["/b"]) })], active)).toBeLessThan(near)
  expect(relevance([turn(1)], active)).toBeLessThan(near)
  expect(relevance(active, active)).toBe(1)
})
