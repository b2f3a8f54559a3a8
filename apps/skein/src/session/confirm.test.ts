import { expect, test } from "bun:test"
import type { Io } from "../io.ts"
import { decidedYes } from "./confirm.ts"

/** Says these lines, so many milliseconds apart, and tells what was decided and shown. */
async function said(lines: readonly string[], apartMs = 500) {
  let now = 0
  let shown = ""
  const io: Pick<Io, "text" | "now" | "inputLines"> = {
    text: (text) => {
      shown += text
    },
    now: () => now,
    async *inputLines() {
      for (const line of lines) {
        now += apartMs
        yield line
      }
    },
  }
  return [await decidedYes(io, "Sure?", 400), shown]
}

test("only a clear yes or no decides; anything else is asked again, and the end of input decides nothing", async () => {
  expect(await said(["y"])).toEqual([true, "Sure? [y/n] "])
  expect(await said(["", "x", "no"])).toEqual([false, "Sure? [y/n] Say y or n. [y/n] Say y or n. [y/n] "])
  expect((await said([""]))[0]).toBeUndefined()
  expect((await said([]))[0]).toBeUndefined()
})

test("what came before the question could be read decides nothing", async () => {
  expect(await said(["n", "y"], 100)).toEqual([
    undefined,
    "Sure? [y/n] That came before it could be read. [y/n] That came before it could be read. [y/n] ",
  ])
})
