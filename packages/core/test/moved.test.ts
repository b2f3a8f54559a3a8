import { expect, test } from "bun:test"
import { SkeinError, type Workspace } from "@skein/protocol"
import {
  call,
  listen,
  memoryCheckpoints,
  memoryLogs,
  type Scripted,
  say,
  scriptedModel,
  submitText,
  testTools,
} from "@skein/testkit"
import { fold } from "../src/index.ts"
import type { GatheredSection } from "../src/ports/index.ts"
import { frozen } from "./invariants.ts"
import { scene } from "./scene.ts"

/** A folder that can be renamed, and a session that writes into it. */
async function workspace(...script: readonly Scripted[]) {
  let at: string | undefined = "/repo"
  const relocate = async (known: Workspace): Promise<Workspace> => {
    if (at === undefined) throw new SkeinError("config.invalid", "The folder is gone.")
    return known.path === at ? known : { path: at }
  }
  const checkpoints = memoryCheckpoints()
  const tools = testTools({
    write: {
      effects: [{ kind: "write", paths: ["/repo/a", "/moved/a"], isInside: true }],
      run: ({ n }) => {
        checkpoints.put(`${at}/a`, String(n))
        return {
          forModel: [{ type: "text", text: "written" }],
          forHuman: { kind: "text", body: "", summary: "written" },
          observed: [{ path: `${at}/a`, sha256: String(n) }],
        }
      },
    },
  })
  const gather = async ({ cwd }: { readonly cwd: string }): Promise<GatheredSection[]> => [
    { source: "environment", text: `folder: ${cwd}`, sha256: cwd, bytes: 1 },
  ]
  const logs = memoryLogs()
  const model = scriptedModel(...script)
  const sources = { gather, touched: async () => [] }
  const given = await scene(model, { logs, relocate, checkpoints, tools, sources })
  const said = async (text: string) => {
    await given.say(text)
    await given.session.until("turn.ended")
  }
  const move = (to: string | undefined) => {
    if (to !== undefined) checkpoints.put(`${to}/a`, checkpoints.at(`${at}/a`) ?? null)
    checkpoints.put(`${at}/a`, null)
    at = to
  }
  return { ...given, logs, model, checkpoints, said, move }
}

test("a session goes where its folder went: its tools, what the model is told, what it has seen, and undo", async () => {
  const steps = [call("write", { n: 1 }), say("one"), call("write", { n: 2 }), say("two"), say("three")]
  const given = await workspace(...steps)
  await given.said("first")
  given.move("/moved")
  const to = { kind: "undo", turns: 1 } as const
  const preview = { type: "rewind.preview", sessionId: given.id, to, scope: "code" } as const
  expect((await given.engine.ask(preview)).files).toEqual([{ path: "/moved/a", action: "delete" }])
  await given.said("second")

  expect(given.model.requests.map(({ system }) => system)).toEqual([
    ...["/repo", "/repo", "/moved", "/moved"].map((path) => [`folder: ${path}`]),
  ])
  const state = fold(await given.logs.read(given.id))
  expect([state.created.workspace.path, [...state.observed]]).toEqual(["/moved", [["/moved/a", "2"]]])
  await given.op({ type: "session.rewind", to, scope: "both" })
  expect(given.checkpoints.at("/moved/a")).toBe("1")
  await given.said("third")
  expect(given.model.requests.at(-1)?.system).toEqual(["folder: /moved"])
  await given.op({ type: "session.rewind", to: { kind: "undo", turns: 2 }, scope: "both" })
  expect(given.checkpoints.at("/moved/a")).toBeUndefined()
  const reread = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect([reread.cwd, reread.items]).toEqual(["/moved", []])
  await given.engine.close()
})

test("the fold of a session that moved between branches is the same at once and by going back", async () => {
  const given = await workspace(call("write", { n: 1 }), say("one"), say("two"), say("three"))
  await given.said("first")
  given.move("/moved")
  await given.said("second")
  const tree = await given.engine.ask({ type: "session.tree", sessionId: given.id })
  await given.op({ type: "session.rewind", to: { kind: "seq", seq: tree.turns[0]?.endSeq ?? 0 }, scope: "chat" })
  await given.said("third")
  expect(given.model.requests.at(-1)?.system).toEqual(["folder: /moved"])
  const log = await given.logs.read(given.id)
  const last = log.findIndex(({ type }) => type === "session.rewound")
  const [before, after] = [fold(log.slice(0, last)), fold(log)]
  expect([[...before.observed.keys()], [...after.observed.keys()]]).toEqual([["/moved/a"], ["/moved/a"]])
  expect(frozen(after)).toContain('"/moved/a"')
  await given.engine.close()
})

test("a session whose folder is gone starts no turn and says so; its fork works in another folder and knows it", async () => {
  const given = await workspace(call("write", { n: 1 }), say("one"), say("two"))
  await given.said("first")
  given.move(undefined)
  const events = (await given.logs.read(given.id)).length
  const refused = await submitText(given.engine, given.id, "second").catch((error: Error) => error.message)
  expect(refused).toContain("The folder is gone.")
  expect((await given.logs.read(given.id)).length).toBe(events)

  await given.op({ type: "session.fork", newSessionId: "ses_fork", cwd: "/moved" })
  given.move("/moved")
  const fork = listen(given.engine, "ses_fork")
  await submitText(given.engine, "ses_fork", "second")
  await fork.until("turn.ended")
  expect(given.model.requests.at(-1)?.system).toEqual(["folder: /moved"])
  expect((await given.engine.ask({ type: "session.read", sessionId: "ses_fork" })).cwd).toBe("/moved")
  await given.engine.close()
})
