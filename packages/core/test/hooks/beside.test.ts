import { expect, test } from "bun:test"
import { fakeHooks, type HookScript, listen, memoryLogs, say, scriptedModel, submit, submitText } from "@skein/testkit"
import type { HookOutcome, HooksPort } from "../../src/ports/index.ts"
import { realClock, scene } from "../scene.ts"

test("a session that another takes the place of ends as cleared, and the other begins so", async () => {
  const hooks = fakeHooks({ SessionStart: () => ({}), SessionEnd: () => ({}) })
  const given = await scene(scriptedModel(say("one"), say("two")), { hooks, clock: realClock })
  await given.say("hello")
  await given.session.until("turn.ended")
  const next = await submit(given.engine, { type: "session.create", cwd: "/repo", clears: given.id })
  const session = listen(given.engine, next.sessionId)
  await submitText(given.engine, next.sessionId, "more")
  await session.until("turn.ended")
  await given.op({ type: "session.close" })
  await given.engine.close()
  expect(hooks.points).toMatchObject([
    { event: "SessionStart", source: "startup", sessionId: given.id },
    { event: "SessionStart", source: "clear", sessionId: next.sessionId },
    { event: "SessionEnd", reason: "clear", sessionId: given.id },
    { event: "SessionEnd", reason: "exit", sessionId: next.sessionId },
  ])
})

test("hooks are told where the session's log lies, where one is kept", async () => {
  const where = async (fileOf?: (sessionId: string) => string) => {
    const hooks = fakeHooks({ Stop: () => ({}) })
    const logs = { ...memoryLogs(), ...(fileOf === undefined ? {} : { fileOf }) }
    const given = await scene(scriptedModel(say("one")), { hooks, logs })
    await given.say("hello")
    await given.session.until("turn.ended")
    await given.engine.close()
    return [hooks.points[0]?.transcriptPath, given.id]
  }
  const [kept, id] = await where((sessionId) => `/logs/${sessionId}.jsonl`)
  expect(kept).toBe(`/logs/${id}.jsonl`)
  expect((await where())[0]).toBeUndefined()
})

/** Hooks of a file that is another when they are asked for the second time. */
function changing(before: HookScript, after: HookScript) {
  const old = fakeHooks(before)
  const now = fakeHooks(after)
  const settled: boolean[] = []
  const files = [{ path: "/home/settings.json", owner: "person" }] as const
  let asked = 0
  const hooks: HooksPort = {
    async at(place) {
      asked += 1
      const [held] = settled
      if (asked === 1) return old.at(place)
      if (held !== undefined) return (held ? now : old).at(place)
      const settle = async ({ isTaken }: { readonly isTaken: boolean }) => {
        settled.push(isTaken)
        return (isTaken ? now : old).at(place)
      }
      return { ...(await old.at(place)), changed: { files, settle } }
    },
  }
  return { hooks, old, now, settled }
}

async function twoTurns(hooks: HooksPort) {
  const given = await scene(scriptedModel(say("one"), say("two"), say("three")), { hooks })
  for (const text of ["hello", "more", "and more"]) {
    await given.say(text)
    await given.session.until("turn.ended")
  }
  await given.engine.close()
  return given.session.events
}

test("other settings hold from the next turn on, and the hooks of before hear of it first", async () => {
  const one = changing({ ConfigChange: () => ({}), Stop: () => ({}) }, { Stop: () => ({}) })
  await twoTurns(one.hooks)
  expect(one.old.points).toMatchObject([
    { event: "Stop" },
    { event: "ConfigChange", path: "/home/settings.json", owner: "person" },
  ])
  expect(one.now.points).toMatchObject([{ event: "Stop" }, { event: "Stop" }])
})

test("a hook keeps the settings of before, and the person is told why", async () => {
  const block = { block: { reason: "ask Ada first." } }
  const one = changing({ ConfigChange: () => block, Stop: () => ({}) }, {})
  const events = await twoTurns(one.hooks)
  expect(one.settled).toEqual([false])
  expect(one.old.points.map(({ event }) => event)).toEqual(["Stop", "ConfigChange", "Stop", "Stop"])
  const texts = events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
  expect(texts).toEqual([
    "The hooks of /home/settings.json hold as they were before it changed, because one of them says so: ask Ada first.",
  ])
  expect(events.find((event) => event.type === "hook.ran" && event.event === "ConfigChange")).toMatchObject({
    effect: "blocked",
  })
})

test("what happens beside the turns is told to hooks, on the session's record, and they may say no", async () => {
  const hooks = fakeHooks({ WorktreeCreate: () => ({ block: { reason: "no copies" } }) })
  const given = await scene(scriptedModel(), { hooks })
  const { signal } = new AbortController()
  const made = await given.engine.happened(given.id, { event: "WorktreeCreate", path: "/trees/1" }, signal)
  const removed = await given.engine.happened(given.id, { event: "WorktreeRemove", path: "/trees/1" }, signal)
  const elsewhere = await given.engine.happened("ses_other", { event: "WorktreeCreate", path: "/trees/1" }, signal)
  await given.engine.close()
  expect([made?.block, removed?.ran, elsewhere]).toEqual([{ reason: "no copies" }, [], undefined])
  expect(hooks.points).toMatchObject([{ event: "WorktreeCreate", path: "/trees/1", sessionId: given.id }])
  const ran = given.session.events.flatMap((event) => (event.type === "hook.ran" ? [event] : []))
  expect(ran).toMatchObject([{ event: "WorktreeCreate", effect: "blocked", reason: "no copies" }])
})

test("what a file says that a hook does is told while it runs, in one line", async () => {
  const wait = (): Promise<HookOutcome> =>
    new Promise((wake) => setTimeout(() => wake({ messages: [], ran: [] }), 1_100))
  const has = (event: string) => event === "UserPromptSubmit"
  const hooks: HooksPort = { at: async () => ({ has, run: wait, statusOf: () => "Looks\n it up" }) }
  const given = await scene(scriptedModel(say("done")), { hooks, clock: realClock })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.engine.close()
  const told = given.session.events.flatMap((event) => (event.type === "hook.started" ? [event.message] : []))
  expect(told).toEqual(["Looks it up"])
})
