import { expect, test } from "bun:test"
import { Leavings } from "./leavings.ts"

function heard(msMax: number) {
  const told: unknown[] = []
  const leavings = new Leavings({ stumbled: (error) => told.push(error), tell: (text) => told.push(text) }, msMax)
  return { leavings, told }
}

test("a session that cannot be let go of is told, and waited for no longer", async () => {
  const { leavings, told } = heard(60_000)
  const failure = new Error("The disk is full.")
  leavings.begin("ses_1", Promise.reject(failure))
  leavings.begin("ses_2", Promise.resolve({ isKept: true }))
  await leavings.over("ses_1")
  await leavings.allOver()
  expect(told).toEqual([failure])
})

test("one that does not end is told after a while, and waited for no longer", async () => {
  const { leavings, told } = heard(5)
  leavings.begin("ses_1", Promise.withResolvers<never>().promise)
  await leavings.over("ses_1")
  expect(told).toEqual(["The session before does not end; it is not waited for any more."])
})
