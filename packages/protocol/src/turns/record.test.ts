import { expect, test } from "bun:test"
import type { DurableDraft, DurableEvent } from "../events/index.ts"
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
const written = (callId: `cal_${string}`, path: string) =>
  event({
    ...{ type: "files.changed", turnId: "trn_1", callId, notCovered: [] },
    changes: [{ path, before: null, after: null }],
  })
const ran = (callId: `cal_${string}`, command: string, exitCode: number) => [
  asked(callId, command),
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

test("a command that checks nothing says nothing, whatever it prints or is called", () => {
  expect(verdicts(edit, ...ran("cal_1", "ls", 0), ...ran("cal_2", "echo npm test", 0))).toEqual([])
  expect(verdicts(edit, ...ran("cal_1", "npm test\ntrue", 0))).toEqual([])
})

test("an edit after the check makes it stale, by whatever tool it was made", () => {
  const check = ran("cal_1", "npm test", 0)
  expect(verdicts(...check, edit)).toEqual(["stale npm test"])
  expect(verdicts(...check, asked("cal_2", "sed -i s/a/b/ a.ts"), written("cal_2", "/repo/a.ts"))).toEqual([
    "stale npm test",
  ])
})

test("what a check writes itself is no edit", () => {
  const building = [
    asked("cal_2", "npm run build"),
    written("cal_2", "/repo/out.js"),
    settled("cal_2", { exitCode: 0 }),
  ]
  expect(verdicts(...ran("cal_1", "npm test", 0), ...building)).toEqual(["verified npm test", "verified npm run build"])
})

test("of a command that ran again the newest run counts", () => {
  expect(verdicts(...ran("cal_1", "npm test", 0), edit, ...ran("cal_2", "npm test", 1))).toEqual(["failed npm test"])
})

test("a check that was stopped says nothing", () => {
  expect(verdicts(asked("cal_1", "npm test"), settled("cal_1", { exitCode: 0, isCancelled: true }))).toEqual([])
})

test("what the person put in the place of the model's command is what ran", () => {
  const amended = event({ type: "call.amended", callId: "cal_1", input: { command: "true" }, by: "person" })
  expect(verdicts(asked("cal_1", "npm test"), amended, settled("cal_1", { exitCode: 0 }))).toEqual([])
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
  expect(turn.changed).toEqual({ paths: ["/repo/a.ts"], added: 4, removed: 2 })
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
