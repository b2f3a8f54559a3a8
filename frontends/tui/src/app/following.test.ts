import { expect, test } from "bun:test"
import { following } from "./following.ts"

test("what changed is asked again when it is looked at, and never twice at once", async () => {
  let [mark, asked, arrivals] = [0, 0, 0]
  let answered = Promise.withResolvers<string>()
  const newest = following("first", {
    mark: () => mark,
    ask: () => {
      asked++
      return answered.promise
    },
    arrived: () => arrivals++,
    failed: (error) => {
      throw error
    },
  })
  expect([newest(), asked]).toEqual(["first", 0])
  mark = 1
  expect([newest(), newest(), asked]).toEqual(["first", "first", 1])
  mark = 2
  answered.resolve("second")
  await Bun.sleep(0)
  expect([arrivals, asked]).toEqual([1, 1])
  answered = Promise.withResolvers()
  expect([newest(), asked]).toEqual(["second", 2])
  answered.resolve("third")
  await Bun.sleep(0)
  expect([newest(), asked, arrivals]).toEqual(["third", 2, 2])
})

test("what cannot be asked is told once for each change, and the answer before stays", async () => {
  const [told, refusal] = [[] as unknown[], new Error("gone")]
  let mark = 0
  const newest = following("first", {
    mark: () => mark,
    ask: () => Promise.reject(refusal),
    arrived: () => undefined,
    failed: (error) => told.push(error),
  })
  mark = 1
  newest()
  await Bun.sleep(0)
  expect([newest(), told]).toEqual(["first", [refusal]])
})
