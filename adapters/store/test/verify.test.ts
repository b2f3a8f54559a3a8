import { expect, test } from "bun:test"
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { DurableDraft, DurableEvent } from "@skein/protocol"
import { fixtureEvents, fixtureLog, resumePlan, verifyLog } from "../src/diagnostics.ts"
import { bytesOf, events, refusalOf, scene } from "./scene.ts"
import { olderBytes, olderUpgrades } from "./version-zero.ts"

test("a made-up log is the same bytes for the same seed, ends settled, and has calls of every outcome", async () => {
  using own = scene()
  mkdirSync(join(own.dataDir, "sessions"))
  const paths = [own.path("ses_a"), own.path("ses_b"), own.path("ses_c")]
  for (const [index, path] of paths.entries()) fixtureLog(path, { events: 5000, seed: index === 2 ? 2 : 1 })
  const [a, b, c] = paths.map((path) => Bun.SHA256.hash(readFileSync(path), "hex"))
  expect([a === b, a === c]).toEqual([true, false])
  const found = await verifyLog(paths[0] ?? "")
  expect(found).toMatchObject({ lines: 5000, events: 5000, isIntact: true, bytesTorn: 0, index: "absent" })
  const outcomes = new Set(
    (await own.logs.read("ses_a")).flatMap((event) =>
      event.type === "call.settled" ? [`${event.outcome} ${event.code ?? ""}`] : [],
    ),
  )
  expect([...outcomes].toSorted()).toEqual([
    "cancelled call.cancelled",
    "error call.denied",
    "error call.failed",
    "error call.invalid_input",
    "error call.unknown_outcome",
    "success ",
  ])
  expect(found.types.map(({ type }) => type)).toContain("context.compacted")
  const log = await own.logs.open("ses_a")
  await log.savePoint({ seq: 5000, state: 0 })
  await log.close()
  const { index } = resumePlan(own.path("ses_a"))
  expect(index?.unsettled).toEqual({ calls: [], approvals: [], queued: [] })
  expect(() => fixtureLog(own.path("ses_a"), { events: 10, seed: 1 })).toThrow("Cannot write")
})

test("verification says of every kind of damage where it is, and changes nothing", async () => {
  using own = scene()
  const lines = (await bytesOf(events(6))).toString().split("\n").slice(0, -1)
  const flipped = (lines[3] ?? "").replace("Title 2", "Title 3")
  const content = [lines[0], lines[1], "", lines[2], flipped, lines[5], '{"torn'].join("\n")
  own.place("ses_a", content)
  expect(await verifyLog(own.path("ses_a"))).toEqual({
    bytes: content.length,
    lines: 6,
    events: 4,
    types: expect.anything(),
    versions: [{ version: 1, events: 4 }],
    gaps: [{ line: 6, expected: 4, found: 6 }],
    damaged: [
      { line: 3, reason: "it is too short" },
      { line: 5, reason: "its checksum does not match" },
    ],
    bytesTorn: 6,
    index: "absent",
    point: "absent",
    isIntact: false,
  })
  expect(readFileSync(own.path("ses_a"), "utf8")).toBe(content)

  const whole = `${lines.join("\n")}\n`
  own.place("ses_a", `${whole}${flipped}\n`)
  expect(await verifyLog(own.path("ses_a"))).toMatchObject({
    damaged: [],
    bytesTorn: flipped.length + 1,
    isIntact: true,
  })
  own.place("ses_a", await olderBytes(events(5)))
  expect(await verifyLog(own.path("ses_a"), { upgrades: olderUpgrades })).toMatchObject({
    versions: [{ version: 0, events: 5 }],
    isIntact: true,
  })
  expect((await verifyLog(own.path("ses_a"))).damaged.length).toBe(5)
  own.place("ses_a", await olderBytes(events(1)))
  expect(await verifyLog(own.path("ses_a"))).toMatchObject({ damaged: [{ line: 1 }], bytesTorn: 0, isIntact: false })
  expect(await refusalOf(verifyLog(own.path("ses_none")))).toContain("session.not_found")
})

test("verification tells an index and a point that agree from those that are not used", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf([...fixtureEvents({ events: 900, seed: 3 })]))
  const log = await own.logs.open("ses_a")
  await log.savePoint({ seq: 800, state: 1 })
  await log.close()
  expect(await verifyLog(own.path("ses_a"))).toMatchObject({ index: "agrees", point: "agrees" })
  writeFileSync(`${own.path("ses_a")}.point`, "x")
  rmSync(`${own.path("ses_a")}.index.json`)
  expect(await verifyLog(own.path("ses_a"))).toMatchObject({ index: "absent", point: "unused" })
})

test("a resume plan says what is open and where reading begins, without reading the log", async () => {
  using own = scene()
  const drafts: DurableDraft[] = [
    { type: "input.queued", inputId: "inp_2", delivery: "queue", input: [] },
    { type: "step.started", turnId: "trn_1", step: 1, attempt: 1, model: "m", tokens: 1 },
    ...(["cal_1", "cal_2", "cal_3"] as const).map(requested),
    asked("apr_1", "cal_1"),
    { type: "approval.resolved", approvalId: "apr_1", answer: "allow_once", by: "person" },
    { type: "call.started", callId: "cal_1" },
    asked("apr_2", "cal_2"),
    asked("apr_3", "cal_3"),
    { type: "approval.resolved", approvalId: "apr_3", answer: "allow_once", by: "person" },
  ]
  const first = events(2)
  const rest = drafts.map(
    (draft, index): DurableEvent => ({ ...draft, v: 1, seq: index + 3, id: "evt_1", at: 1, sessionId: "ses_a" }),
  )
  const log = await own.logs.create("ses_a")
  await log.append([...first, ...rest], { flush: false })
  expect(resumePlan(own.path("ses_a"))).toMatchObject({ fromSeq: 1, index: undefined })
  await log.savePoint({ seq: 13, state: 0 })
  await log.close()
  const { length } = readFileSync(own.path("ses_a"))
  appendFileSync(own.path("ses_a"), "torn")
  expect(resumePlan(own.path("ses_a"))).toEqual({
    fromSeq: 14,
    bytesToRead: 4,
    bytes: length + 4,
    pointSeq: 13,
    index: {
      seq: 13,
      bytesAfter: 4,
      unsettled: {
        turnId: "trn_1",
        step: { step: 1, attempt: 1 },
        calls: [
          { callId: "cal_1", name: "bash", state: "running" },
          { callId: "cal_2", name: "bash", state: "awaiting_approval" },
          { callId: "cal_3", name: "bash", state: "approved" },
        ],
        approvals: [{ approvalId: "apr_2", callId: "cal_2" }],
        queued: ["inp_2"],
      },
      counts: expect.objectContaining({ "call.requested": 3 }),
    },
  })
})

function requested(callId: `cal_${string}`): DurableDraft {
  const place = { turnId: "trn_1", step: 1, callId, index: 0 } as const
  return { type: "call.requested", ...place, name: "bash", title: "ls", kind: "execute", locations: [], input: {} }
}

function asked(approvalId: `apr_${string}`, callId: `cal_${string}`): DurableDraft {
  const subject = { subject: "call", callId, digest: "x", reasons: [], actions: [], options: [] } as const
  return { type: "approval.requested", approvalId, ...subject, actions: [], reasons: [], options: [] }
}
