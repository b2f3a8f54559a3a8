import { expect, test } from "bun:test"
import { trickle } from "./trickle.ts"

const { signal } = new AbortController()

function clocked() {
  const at = { now: 1_000, slept: [] as number[] }
  const clock = {
    now: () => at.now,
    async sleep(ms: number) {
      at.slept.push(ms)
      at.now += ms
    },
  }
  return { at, pieces: trickle(clock) }
}

test("a short answer in a few packets is never held up, and neither is one that comes in large pieces", () => {
  const { pieces } = clocked()
  for (let reads = 0; reads < 15; reads++) {
    pieces.took(150)
    expect(pieces.gather(signal)).toBeUndefined()
  }
  pieces.took(60_000)
  pieces.took(150)
  expect(pieces.gather(signal)).toBeUndefined()
})

test("tokens that come one by one are gathered for as long as the eye does not see", async () => {
  const { at, pieces } = clocked()
  for (let reads = 0; reads < 16; reads++) pieces.took(150)
  at.now += 10
  await pieces.gather(signal)
  expect(at.slept).toEqual([20])
})

test("a model that is slower than that is read as it comes, and a clock that is set back holds nothing up", () => {
  const { at, pieces } = clocked()
  for (let reads = 0; reads < 16; reads++) pieces.took(150)
  at.now += 40
  expect(pieces.gather(signal)).toBeUndefined()
  at.now -= 5_000
  expect(pieces.gather(signal)).toBeUndefined()
})
