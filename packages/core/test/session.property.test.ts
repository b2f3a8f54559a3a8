import { expect, test } from "bun:test"
import type { DurableEvent } from "@skein/protocol"
import { assertAcceptable } from "@skein/testkit"
import { buildMessages, fold } from "../src/index.ts"
import type { ModelRequest } from "../src/ports/index.ts"
import { foldOnto, goesBehind } from "../src/transcript/fold.ts"
import { freeze, thaw } from "../src/transcript/point.ts"
import { generated } from "./generated.ts"
import { brokenRules, frozen, withControlCharacters } from "./invariants.ts"

const SEEDS = Array.from({ length: process.env.SKEIN_SOAK === undefined ? 60 : 600 }, (_, seed) => seed)
const played = await Promise.all(SEEDS.map(async (seed) => ({ seed, ...(await generated(seed)) })))

test("whatever happens, everything that was opened has exactly one end", () => {
  for (const { seed, log } of played) expect({ seed, broken: brokenRules(log) }).toEqual({ seed, broken: [] })
})

test("nothing that a model, a tool or a person does is a defect of ours", () => {
  for (const { seed, defects } of played) expect({ seed, defects }).toEqual({ seed, defects: [] })
})

test("a call runs at most once", () => {
  for (const { seed, runs } of played) {
    expect({ seed, twice: [...runs].filter(([, times]) => times > 1) }).toEqual({ seed, twice: [] })
  }
})

test("nothing runs that was not recorded first, and no layer outlives its question", () => {
  for (const { seed, log, audit, layers } of played) {
    const recorded = new Set(audit.flatMap(({ action, callId }) => (action === "call.start" ? [callId] : [])))
    const unseen = log.filter((event) => event.type === "call.started" && !recorded.has(event.callId))
    expect({ seed, unseen, open: layers.filter((end) => end === "open") }).toEqual({ seed, unseen: [], open: [] })
  }
  expect(new Set(played.flatMap(({ layers }) => layers))).toEqual(new Set(["kept", "discarded"]))
})

test("every request that leaves is one that every provider accepts", () => {
  for (const { requests } of played) for (const request of requests) assertAcceptable(request.messages)
})

test("the generated sessions hold what they are meant to", () => {
  const types = new Set(played.slice(0, 60).flatMap(({ log }) => log.map(tellingType)))
  expect([...types].toSorted().join("\n")).toMatchInlineSnapshot(`
    "approval.requested
    approval.resolved allow_always by person
    approval.resolved allow_once by person
    approval.resolved preview by person
    approval.resolved reject_always by person
    approval.resolved reject_once by person
    approval.resolved withdrawn by nobody
    approval.resolved withdrawn by policy
    call.amended
    call.requested
    call.settled cancelled call.cancelled
    call.settled error audit.unwritable
    call.settled error call.denied
    call.settled error call.failed
    call.settled error call.invalid_input
    call.settled error call.truncated
    call.settled error call.unattended
    call.settled error call.unknown_tool
    call.settled error internal.defect
    call.settled error sandbox.unavailable
    call.settled success
    call.started
    context.compacted
    context.loaded
    input.cancelled
    input.queued
    item.appended
    item.completed
    notice.posted
    rule.added
    rule.removed
    session.created
    session.rewound
    settings.changed
    step.discarded
    step.ended
    step.started
    turn.ended completed
    turn.ended exhausted
    turn.ended failed
    turn.ended interrupted
    turn.started
    turn.steered
    usage.recorded"
  `)
})

test("the fold of a whole log is the fold from any replay point, and folding changes no event", () => {
  for (const { seed, log } of played.slice(0, 20)) {
    const text = JSON.stringify(log)
    const whole = frozen(fold(log))
    expect(frozen(fold(JSON.parse(text)))).toBe(whole)
    for (let cut = 1; cut < log.length; cut += 7) {
      const point = freeze(fold(log.slice(0, cut)), "1.0.0")
      const tail = log.slice(cut)
      if (goesBehind(point.seq, tail)) continue
      const state = thaw(JSON.parse(JSON.stringify(point)), "1.0.0")
      expect({ seed, cut, state: state && frozen(foldOnto(state, tail)) }).toEqual({ seed, cut, state: whole })
    }
    expect(JSON.stringify(log)).toBe(text)
  }
})

test("the request is a function of the log", () => {
  for (const { seed, log, requests } of played) {
    const starts = log.flatMap((event, at) => (event.type === "step.started" ? [at] : []))
    const asked = starts.map((at) => {
      const state = fold(log.slice(0, at))
      return JSON.stringify([state.system.map(({ text }) => text), buildMessages(state.items)])
    })
    const sent = requests.map(({ system, messages }) => JSON.stringify([system, messages]))
    expect({ seed, sent }).toEqual({ seed, sent: asked.slice(0, sent.length) })
    expect(asked.length - sent.length).toBeLessThanOrEqual(log.filter(isStopped).length)
  }
})

test("what was sent stays as it was sent, unless an event says why", () => {
  for (const { seed, log, requests } of played) {
    const starts = log.filter((event) => event.type === "step.started").map(({ seq }) => seq)
    for (let at = 1; at < requests.length; at++) {
      const between = log.slice((starts[at - 1] ?? 0) - 1, starts[at])
      if (between.some(({ type }) => type === "context.compacted" || type === "session.rewound")) continue
      const before = blocks(requests[at - 1])
      expect({ seed, at, sent: blocks(requests[at]).slice(0, before.length) }).toEqual({ seed, at, sent: before })
      if (between.some(({ type }) => type === "context.loaded")) continue
      expect(requests[at]?.system).toEqual(requests[at - 1]?.system ?? [])
    }
  }
})

test("no text of any event holds a byte that moves a cursor, whoever wrote it", () => {
  for (const { seed, events } of played) {
    expect({ seed, found: withControlCharacters(events) }).toEqual({ seed, found: [] })
  }
})

function blocks(request: ModelRequest | undefined): string[] {
  return (request?.messages ?? []).flatMap(({ role, content }) =>
    content.map((block) => `${role} ${JSON.stringify(block)}`),
  )
}

function isStopped(event: DurableEvent): boolean {
  return event.type === "turn.ended" && event.outcome.kind === "interrupted"
}

function tellingType(event: DurableEvent): string {
  if (event.type === "call.settled") return `${event.type} ${event.outcome} ${event.code ?? ""}`.trim()
  if (event.type === "approval.resolved") return `${event.type} ${event.answer} by ${event.by}`
  if (event.type === "turn.ended") return `${event.type} ${event.outcome.kind}`
  return event.type
}
