import { expect, test } from "bun:test"
import type { HookOutcome, HookPoint, Hooks } from "@skein/core/ports"
import { joinedHooks } from "./joined-hooks.ts"

const of = (outcome: Partial<HookOutcome>, isThere = true) => ({
  at: async () => ({ has: () => isThere, run: async () => ({ messages: [], ran: [], ...outcome }) }),
  list: async () => ({ hooks: [], flaws: ["one"] }),
})
const said = async (...all: Parameters<typeof joinedHooks>[0]) =>
  (await joinedHooks(all).at({ cwd: "/w" })).run({ event: "Stop" } as HookPoint, new AbortController().signal)

test("the strictest word of all holds, with the reasons of those who said it", async () => {
  const allowing = of({ decision: "allow", reason: "fine", input: { a: 1 }, context: "x" })
  const asking = of({ decision: "ask", reason: "hm", messages: ["look"] })
  expect(await said(allowing, asking)).toEqual({
    ...{ decision: "ask", reason: "hm", input: { a: 1 }, context: "x", messages: ["look"], ran: [] },
  })
  const denied = await said(allowing, of({ decision: "deny", reason: "no" }), of({ decision: "deny", reason: "never" }))
  expect(denied).toEqual({ decision: "deny", reason: "no\nnever", context: "x", messages: [], ran: [] })
})

test("one who blocks is enough, and whoever has nothing at a point is not asked", async () => {
  const blocked = await said(of({}), of({ block: { reason: "not yet" } }), of({ stop: { reason: "all over" } }))
  expect(blocked).toMatchObject({ block: { reason: "not yet" }, stop: { reason: "all over" } })
  expect(await said(of({ decision: "deny" }, false), of({ output: "kept" }))).toEqual({
    output: "kept",
    messages: [],
    ran: [],
  })
})

test("what is set is listed one after the other", async () => {
  expect((await joinedHooks([of({}), of({})]).list({ cwd: "/w" })).flaws).toEqual(["one", "one"])
})

test("files that changed are told of all together, settled together, and what is shown meanwhile is the first one's", async () => {
  const asked: boolean[] = []
  const silent: Hooks = { has: () => false, run: async () => ({ messages: [], ran: [] }) }
  const changing: Hooks = {
    ...silent,
    statusOf: () => "checking",
    changed: {
      files: [{ path: "/w/hooks.json", owner: "project" }],
      async settle({ isTaken }) {
        asked.push(isTaken)
        return { ...silent, has: () => true }
      },
    },
  }
  const list = async () => ({ hooks: [], flaws: [] })
  const at = (hooks: Hooks) => ({ at: async () => hooks, list })
  const hooks = await joinedHooks([at(silent), at(changing)]).at({ cwd: "/w" })
  expect(hooks.changed?.files).toEqual([{ path: "/w/hooks.json", owner: "project" }])
  expect(hooks.statusOf?.({ event: "Stop" } as HookPoint)).toBe("checking")
  const settled = await hooks.changed?.settle({ isTaken: true })
  expect([asked, hooks.has("Stop"), settled?.has("Stop"), settled?.changed]).toEqual([[true], false, true, undefined])
})
