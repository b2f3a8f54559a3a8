import { expect, test } from "bun:test"
import type { DurableDraft, DurableEvent, EventOf } from "../events/index.ts"
import { turnAfter, turnBegun, verdictOf } from "./record.ts"

let seq = 1
const event = (draft: DurableDraft): DurableEvent => ({
  ...{ v: 1, id: `evt_${seq}`, sessionId: "ses_1", seq: seq++, at: seq },
  ...draft,
})

const asked = (callId: `cal_${string}`, command: string) =>
  event({
    ...{ type: "call.requested", turnId: "trn_1", step: 1, callId, index: 0, name: "bash", kind: "execute" },
    ...{ title: command.split("\n", 1)[0] ?? "", locations: [], input: { command } },
  })
const settled = (callId: `cal_${string}`, rest: { exitCode?: number; diff?: string; isCancelled?: boolean }) =>
  event({
    ...{ type: "call.settled", callId, outcome: rest.isCancelled ? "cancelled" : "success", forModel: [] },
    ...(rest.exitCode === undefined ? {} : { exitCode: rest.exitCode }),
    ...(rest.diff === undefined
      ? {}
      : { changes: [{ path: "/repo/a.ts", kind: "update" as const, before: null, after: null, diff: rest.diff }] }),
    durationMs: 1,
  })
const link = { kind: "link", target: "b.ts" } as const
const written = (callId: `cal_${string}`, path: string, before: typeof link | null = null) =>
  event({
    ...{ type: "files.changed", turnId: "trn_1", callId, notCovered: [] },
    changes: [{ path, before, after: link }],
  })
/** As the engine judged it: here, what names a test or a build. */
const begun = (callId: `cal_${string}`, command: string) => {
  const isCheck = /^npm (test|run)/.test(command)
  return event({ type: "call.started", callId, ...(isCheck ? { isCheck } : {}) })
}
const ran = (callId: `cal_${string}`, command: string, exitCode: number) => [
  asked(callId, command),
  begun(callId, command),
  settled(callId, { exitCode }),
]
const edit = settled("cal_edit", { diff: "+one\n-two\n+three\n" })

function verdicts(...events: readonly DurableEvent[]): readonly string[] {
  const turn = events.reduce(turnAfter, turnBegun({ turnId: "trn_1", at: 0 }))
  return turn.checks.map((check) => `${verdictOf(check)} ${check.command}`)
}

test("a check that went well after the last edit verifies it", () => {
  expect(verdicts(edit, ...ran("cal_1", "npm test", 0))).toEqual(["verified npm test"])
})

test("a check that failed is never said to verify", () => {
  expect(verdicts(edit, ...ran("cal_1", "npm test", 1))).toEqual(["failed npm test"])
})

test("a command says nothing that the engine did not judge to be a check, whatever it is called", () => {
  expect(verdicts(edit, ...ran("cal_1", "ls", 0))).toEqual([])
  const unjudged = [asked("cal_2", "npm test"), event({ type: "call.started", callId: "cal_2" })]
  expect(verdicts(edit, ...unjudged, settled("cal_2", { exitCode: 0 }))).toEqual([])
})

test("an edit after the check makes it stale, by whatever tool it was made", () => {
  const check = ran("cal_1", "npm test", 0)
  expect(verdicts(...check, edit)).toEqual(["stale npm test"])
  expect(verdicts(...check, asked("cal_2", "sed -i s/a/b/ a.ts"), written("cal_2", "/repo/a.ts"))).toEqual([
    "stale npm test",
  ])
})

/** Beside an earlier test, a build that writes a file. */
const building = (before: typeof link | null) => [
  ...[...ran("cal_1", "npm test", 0), asked("cal_2", "npm run build"), begun("cal_2", "npm run build")],
  ...[written("cal_2", "/repo/out.js", before), settled("cal_2", { exitCode: 0 })],
]

test("what a check makes is no edit", () => {
  expect(verdicts(...building(null))).toEqual(["verified npm test", "verified npm run build"])
})

test("a file that was there before the check that changed it is an edit to what ran earlier", () => {
  expect(verdicts(...building(link))).toEqual(["stale npm test", "verified npm run build"])
})

test("files that are put back make what ran before stale", () => {
  const change = { path: "/repo/a.ts", before: link, after: null }
  const restored = event({ type: "files.restored", toSeq: 1, changes: [change], conflicts: [] })
  expect(verdicts(...ran("cal_1", "npm test", 0), restored)).toEqual(["stale npm test"])
  const nothing = event({ type: "files.restored", toSeq: 1, changes: [], conflicts: [] })
  expect(verdicts(...ran("cal_1", "npm test", 0), nothing)).toEqual(["verified npm test"])
})

test("a check that failed is never pushed out by those that went well", () => {
  const many = Array.from({ length: 80 }, (_, at) => ran(`cal_${at}`, `npm run test-${at}`, 0)).flat()
  const said = verdicts(...ran("cal_x", "npm test", 1), ...many)
  expect(said[0]).toBe("failed npm test")
  expect(said.at(-1)).toBe("verified npm run test-79")
  expect(said.length).toBeLessThan(80)
})

test("of a command that ran again the newest run counts", () => {
  expect(verdicts(...ran("cal_1", "npm test", 0), edit, ...ran("cal_2", "npm test", 1))).toEqual(["failed npm test"])
})

test("a check that was stopped says nothing", () => {
  expect(
    verdicts(...ran("cal_1", "npm test", 0).slice(0, 2), settled("cal_1", { exitCode: 0, isCancelled: true })),
  ).toEqual([])
})

const editedBeside = (isApart?: true) =>
  event({
    ...{ type: "subagent.ended", childSessionId: "ses_2", agent: "coder", outcome: { kind: "completed" }, text: "" },
    ...{ steps: 1, tokens: 1, microUsd: 0, durationMs: 1, changedPaths: ["/repo/b.ts"] },
    ...(isApart === undefined ? {} : { isApart }),
  })

test("what a child changed in the same folder makes stale what ran before it ended, and what still runs then", () => {
  const check = ran("cal_1", "npm test", 0)
  const [asking, starting, settling] = check
  if (asking === undefined || starting === undefined || settling === undefined) throw new Error("A call has three")
  expect(verdicts(...check, editedBeside())).toEqual(["stale npm test"])
  expect(verdicts(asking, starting, editedBeside(), settling)).toEqual(["stale npm test"])
  expect(verdicts(editedBeside(), ...check)).toEqual(["verified npm test"])
  expect(verdicts(...check, editedBeside(true))).toEqual(["verified npm test"])
  const changedBy = [editedBeside()].reduce(turnAfter, turnBegun({ turnId: "trn_1", at: 0 })).changed
  expect(changedBy).toMatchObject({ paths: ["/repo/b.ts"], uncounted: [{ by: "ses_2", path: "/repo/b.ts" }] })
})

const which = { processId: "prc_1", name: "p1" } as const
/** A command that goes on when its call is over. */
const left = (callId: `cal_${string}`, command: string) => [
  ...[asked(callId, command), begun(callId, command)],
  event({ ...{ type: "process.started", ...which, callId, command, cwd: "/repo" }, isPty: false, confinement: "none" }),
  settled(callId, {}),
]
const gone = (end: { exitCode?: number; isLost?: true } = { exitCode: 0 }) =>
  event({ type: "process.exited", ...which, bytes: 0, durationMs: 1, ...end })

test("a check that goes on beside the turn counts by how it ends, and not before", () => {
  expect(verdicts(edit, ...left("cal_1", "npm test"))).toEqual([])
  expect(verdicts(edit, ...left("cal_1", "npm test"), gone())).toEqual(["verified npm test"])
  expect(verdicts(edit, ...left("cal_1", "npm test"), gone({ exitCode: 1 }))).toEqual(["failed npm test"])
  expect(verdicts(...left("cal_1", "npm test"), edit, gone())).toEqual(["stale npm test"])
  expect(verdicts(...left("cal_1", "npm test"), gone({ isLost: true }))).toEqual([])
  expect(verdicts(...left("cal_1", "npm start"), gone())).toEqual([])
  const [asking, starting, beginning, settling] = left("cal_1", "npm test")
  if (!asking || !starting || !beginning || !settling) throw new Error("A call that leaves a process has four")
  expect(verdicts(edit, asking, starting, beginning, gone(), settling)).toEqual(["verified npm test"])
})

test("what a check made that went on beside the turn is no edit, and what another process did is one", () => {
  const built = [...left("cal_1", "npm run build"), written("cal_1", "/repo/out.js"), gone()]
  expect(verdicts(edit, ...ran("cal_2", "npm test", 0), ...built)).toEqual([
    "verified npm test",
    "verified npm run build",
  ])
  const served = [...left("cal_1", "npm start"), ...ran("cal_2", "npm test", 0), written("cal_1", "/repo/a.ts"), gone()]
  expect(verdicts(...served)).toEqual(["stale npm test"])
})

test("a check that somebody typed into, or signalled, says nothing", () => {
  const told = (action: EventOf<"process.controlled">["action"]) =>
    event({ type: "process.controlled", processId: "prc_1", by: "model", action })
  const beside = left("cal_1", "npm test")
  expect(verdicts(...beside, told({ kind: "input", bytes: 1 }), gone())).toEqual([])
  expect(verdicts(...beside, told({ kind: "signal", signal: "SIGTERM" }), gone())).toEqual([])
  expect(verdicts(...beside, told({ kind: "resize", columns: 80, rows: 24 }), gone())).toEqual(["verified npm test"])
})

test("what the person put in the place of the model's command is what ran", () => {
  const amended = event({ type: "call.amended", callId: "cal_1", input: { command: "true" }, by: "person" })
  const instead = [asked("cal_1", "npm test"), amended, begun("cal_1", "true"), settled("cal_1", { exitCode: 0 })]
  expect(verdicts(...instead)).toEqual([])
})

test("a folder that comes or goes is no file that changed", () => {
  const made = event({
    ...{ type: "files.changed", turnId: "trn_1", callId: "cal_1", notCovered: [] },
    changes: [{ path: "/repo/src", before: null, after: { kind: "folder", mode: 0o755 } }],
  })
  expect(turnAfter(turnBegun({ turnId: "trn_1", at: 0 }), made).changed.paths).toEqual([])
})

test("lines and files are summed up, each file once", () => {
  const turn = [edit, edit].reduce(turnAfter, turnBegun({ turnId: "trn_1", at: 0 }))
  expect(turn.changed).toEqual({ paths: ["/repo/a.ts"], added: 4, removed: 2, uncounted: [] })
})

test("what a command changed is not counted as no lines, and an edit counts for its own change alone", () => {
  const changedBy = (...events: readonly DurableEvent[]) =>
    events.reduce(turnAfter, turnBegun({ turnId: "trn_1", at: 0 })).changed
  const command = [asked("cal_1", "seq 5 >> a.ts"), written("cal_1", "/repo/a.ts"), settled("cal_1", { exitCode: 0 })]
  const edits = [written("cal_edit", "/repo/a.ts"), edit]

  expect(changedBy(...edits)).toMatchObject({ added: 2, removed: 1, uncounted: [] })
  expect(changedBy(...command, ...edits)).toMatchObject({
    ...{ paths: ["/repo/a.ts"], added: 2, removed: 1 },
    uncounted: [{ by: "cal_1", path: "/repo/a.ts" }],
  })
})

test("a file that is written again as it was has not changed", () => {
  const same = { path: "/repo/a.ts", kind: "update" as const, before: "e3b0", after: "e3b0" }
  const again = event({
    ...{ type: "call.settled", callId: "cal_1", outcome: "success", forModel: [], durationMs: 1, changes: [same] },
  })
  expect(turnAfter(turnBegun({ turnId: "trn_1", at: 0 }), again).changed.paths).toEqual([])
})

test("the model wrote what its steps wrote, given-up attempts too; what it read again at every step is not added up", () => {
  const usage = { input: 39_000, cacheRead: 0, cacheWrite: 0, output: 600, reasoning: 0 }
  const of = { turnId: "trn_1", step: 1 } as const
  const ended = event({ ...{ type: "step.ended", ...of, outcome: "completed", stop: "end" }, usage, durationMs: 1 })
  const why = { code: "provider.stream_cut", message: "cut" }
  const given = event({ ...{ type: "step.discarded", ...of, attempt: 1 }, ...why, usage, microUsd: 7 })
  const unbegun = event({ ...{ type: "step.discarded", ...of, attempt: 2 }, ...why })
  const turn = [given, unbegun, ended, ended].reduce(turnAfter, turnBegun({ turnId: "trn_1", at: 0 }))
  expect(turn).toMatchObject({ outputTokens: 1_800, microUsd: 7 })
  expect(turnAfter(turnBegun({ turnId: "trn_1", at: 0 }), unbegun).microUsd).toBeUndefined()
})
