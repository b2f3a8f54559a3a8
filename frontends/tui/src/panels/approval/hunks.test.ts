import { expect, test } from "bun:test"
import { hunksSaid } from "./hunks.ts"

test("hunks are numbers and ranges of them, and nothing else", () => {
  const said = ["2", "1, 3-4", "4 1 1", "1-4", "", "0", "5", "3-2", "1 a", "-1", "1-9"]
  expect(said.map((text) => hunksSaid(text, 4))).toEqual([
    ...[[2], [1, 3, 4], [1, 4], [1, 2, 3, 4]],
    ...[undefined, undefined, undefined, undefined, undefined, undefined, undefined],
  ])
})
