import { expect, test } from "bun:test"
import type { SessionSummary } from "@skein/protocol"
import { fakeEngine, summary } from "../../test/ground/fake-engine.ts"
import { newestSession, notFoundNear, sessionNamed } from "./find.ts"

const CART = summary({ sessionId: "ses_01920000-aaaa-7000-8000-000000000001", title: "Fix the cart" })
const OLD = summary({ sessionId: "ses_01920000-bbbb-7000-8000-000000000002", title: "Old", isArchived: true })
const NEW = summary({ sessionId: "ses_01930000-cccc-7000-8000-000000000003", title: "Old", preview: "add\ttests" })

const named = (name: string, sessions: readonly SessionSummary[] = [CART, OLD, NEW]) =>
  sessionNamed(fakeEngine({ "sessions.list": () => sessions }), name)

test("a session is found by its id with or without its prefix, by the beginning of it, and by its title", async () => {
  for (const name of [CART.sessionId, CART.sessionId.slice(4), "01920000-aa", "ses_01920000-aaaa", "Fix the cart"]) {
    expect(await named(name)).toBe(CART.sessionId)
  }
})

test("a session without a title is found by how it began, unless several did", async () => {
  const one = summary({ sessionId: "ses_01940000-dddd-7000-8000-000000000004", preview: "hello there" })
  const two = summary({ sessionId: "ses_01950000-eeee-7000-8000-000000000005", preview: "hello there" })
  expect(await named("hello there", [CART, one])).toBe(one.sessionId)
  await expect(named("hello there", [one, two])).rejects.toThrow(
    `Several sessions begin with hello there:\n  ${one.sessionId}  hello there`,
  )
})

test("a whole id is believed without a look at the list", async () => {
  const engine = fakeEngine({})
  expect(await sessionNamed(engine, CART.sessionId.slice(4).toUpperCase())).toBe(CART.sessionId)
})

test("of several with one title the one that is not archived is meant", async () => {
  expect(await named("Old")).toBe(NEW.sessionId)
})

test("a beginning that several share names them, and one that is a word is none", async () => {
  await expect(named("01920000")).rejects.toThrow(
    `Several sessions begin with 01920000:\n  ${CART.sessionId}  Fix the cart\n  ${OLD.sessionId}  Old`,
  )
  await expect(named("019")).rejects.toThrow("Cannot find session 019.")
})

test("what is not there is refused with what is near it, by title or by id", async () => {
  await expect(named("fix teh cart")).rejects.toThrow(`Cannot find session fix teh cart. Near it:\n  ${CART.sessionId}`)
  await expect(named("cart")).rejects.toThrow(CART.sessionId)
  await expect(named("01930000-cccd")).rejects.toThrow(`Near it:\n  ${NEW.sessionId}`)
  await expect(named("something else")).rejects.toThrow(
    "Cannot find session something else. skein session list shows what there is.",
  )
  const brief = summary({ sessionId: "ses_01960000-ffff-7000-8000-000000000006", preview: "hi" })
  await expect(named("x", [brief])).rejects.toThrow("Cannot find session x. skein session list")
  await expect(named("x", [])).rejects.toThrow("Cannot find session x. There is no session yet.")
  const engine = fakeEngine({ "sessions.list": () => [CART] })
  const almost = CART.sessionId.replace("aaaa", "aaab")
  expect((await notFoundNear(engine, almost)).message).toContain(`Near it:\n  ${CART.sessionId}`)
})

test("the newest is asked for in this folder, and where there is none it says where it looked", async () => {
  const asked: unknown[] = []
  const engine = fakeEngine({
    "sessions.list": (query) => {
      asked.push(query)
      return asked.length === 1 ? [NEW, CART] : []
    },
  })
  expect(await newestSession(engine, { cwd: "/repo" })).toBe(NEW.sessionId)
  await expect(newestSession(engine, { cwd: "/repo" })).rejects.toThrow(
    "There is no session to go on with for /repo; --all looks in every folder.",
  )
  await expect(newestSession(engine, {})).rejects.toThrow("There is no session to go on with.")
  expect(asked[0]).toEqual({ type: "sessions.list", cwd: "/repo", limit: 1 })
})
