import type { DurableEvent, Event } from "@skein/protocol"
import type { SessionState } from "../src/index.ts"

/** What holds for every log at rest, whatever happened: each thing that was opened has its one end. */
export function brokenRules(log: readonly DurableEvent[]): string[] {
  return [...gaps(log), ...openEnds(log), ...attempts(log), ...turns(log), ...lateCalls(log), ...cutCallsThatRan(log)]
}

function gaps(log: readonly DurableEvent[]): string[] {
  const first = log[0]?.seq ?? 1
  return log.flatMap((event, at) => (event.seq === first + at ? [] : [`seq ${event.seq} where ${first + at} belongs`]))
}

function openEnds(log: readonly DurableEvent[]): string[] {
  const callsOf = (type: "call.requested" | "call.settled" | "call.started") =>
    log.flatMap((event) => (event.type === type ? [event.callId] : []))
  const asked = log.flatMap((event) => (event.type === "approval.requested" ? [event.approvalId] : []))
  const answered = log.flatMap((event) => (event.type === "approval.resolved" ? [event.approvalId] : []))
  const started = log.flatMap((event) => (event.type === "turn.started" ? [event.turnId] : []))
  const ended = log.flatMap((event) => (event.type === "turn.ended" ? [event.turnId] : []))
  return [
    ...differing("calls settled", callsOf("call.requested"), callsOf("call.settled")),
    ...differing("approvals answered", asked, answered),
    ...differing("turns ended", started, ended),
    ...twice("call.started", callsOf("call.started")),
    ...differing("processes ended", processesOf(log, "process.started"), processesOf(log, "process.exited")),
    ...differing("commands ended", shellsOf(log, "shell.started"), shellsOf(log, "shell.ended")),
    ...openChildren(log),
  ]
}

function processesOf(log: readonly DurableEvent[], type: "process.started" | "process.exited"): string[] {
  return log.flatMap((event) => (event.type === type ? [event.processId] : []))
}

function shellsOf(log: readonly DurableEvent[], type: "shell.started" | "shell.ended"): string[] {
  return log.flatMap((event) => (event.type === type ? [event.callId] : []))
}

/** A child may go on after an end, and ends again. */
function openChildren(log: readonly DurableEvent[]): string[] {
  const open = new Set<string>()
  const problems = log.flatMap((event) => {
    if (event.type === "subagent.started" && open.has(event.childSessionId))
      return [`${event.childSessionId} began twice`]
    if (event.type === "subagent.started") open.add(event.childSessionId)
    if (event.type === "subagent.ended" && !open.delete(event.childSessionId))
      return [`${event.childSessionId} ended twice`]
    return []
  })
  return [...problems, ...[...open].map((sessionId) => `${sessionId} has no end`)]
}

function attempts(log: readonly DurableEvent[]): string[] {
  const problems: string[] = []
  const seen: string[] = []
  let open: string | undefined
  for (const event of log) {
    if (event.type === "step.started") {
      if (open !== undefined) problems.push(`attempt ${open} has no end`)
      open = `${event.turnId} ${event.step}.${event.attempt}`
      seen.push(open)
    } else if (event.type === "step.ended" || event.type === "step.discarded") {
      if (open?.startsWith(`${event.turnId} ${event.step}.`) !== true) problems.push(`${event.type} ends nothing`)
      open = undefined
    }
  }
  return [...problems, ...twice("attempt", seen), ...(open === undefined ? [] : [`attempt ${open} has no end`])]
}

/** Turns do not overlap, and nothing of a turn comes after its end; but a child may ask while its parent rests. */
function turns(log: readonly DurableEvent[]): string[] {
  let running: string | undefined
  const ofChildren = new Set(
    log.flatMap((event) =>
      event.type === "approval.requested" && event.agent !== undefined ? [event.approvalId] : [],
    ),
  )
  return log.flatMap((event) => {
    const before = running
    if (event.type === "turn.started") running = event.turnId
    if (event.type === "turn.started") return before === undefined ? [] : [`${event.turnId} starts inside ${before}`]
    if (event.type === "turn.ended") running = undefined
    const isOfChild = "approvalId" in event && ofChildren.has(event.approvalId)
    const isOfTurn = !isOfChild && /^(turn|step|item|call|approval)\./.test(event.type)
    return isOfTurn && before === undefined ? [`${event.type} (${event.seq}) outside of a turn`] : []
  })
}

function lateCalls(log: readonly DurableEvent[]): string[] {
  const settled = new Set<string>()
  return log.flatMap((event) => {
    if (event.type === "call.settled") settled.add(event.callId)
    const isLate =
      (event.type === "call.started" || event.type === "approval.requested") && settled.has(event.callId ?? "")
    return isLate ? [`${event.type} after the call settled`] : []
  })
}

function cutCallsThatRan(log: readonly DurableEvent[]): string[] {
  const cut = new Set(log.flatMap((event) => (event.type === "call.requested" && event.defect ? [event.callId] : [])))
  return log.flatMap((event) =>
    event.type === "call.started" && cut.has(event.callId) ? ["a defective call ran"] : [],
  )
}

function differing(what: string, opened: readonly string[], ended: readonly string[]): string[] {
  const is = ended.toSorted().join()
  return is === opened.toSorted().join() ? twice(what, ended) : [`${what}: ${is} of ${opened}`]
}

function twice(what: string, ids: readonly string[]): string[] {
  return ids.flatMap((id, at) => (ids.indexOf(id) === at ? [] : [`${what} twice: ${id}`]))
}

/** The fold as one text, maps and all, in whatever order it was put together. */
export function frozen(state: SessionState): string {
  return JSON.stringify(state, (_, value) => {
    if (value instanceof Map || value instanceof Set) return [...value].toSorted()
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** Events whose text fields hold a control character but newline and tab; data that is run or sent back may. */
export function withControlCharacters(events: readonly Event[]): string[] {
  return events.flatMap((event) =>
    texts(event, event.type.startsWith("call."))
      .filter((text) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text))
      .map((text) => `${event.type}: ${JSON.stringify(text.slice(0, 80))}`),
  )
}

function texts(value: unknown, isCall: boolean): string[] {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, entry]) =>
    ["providerData", "observed", "payload"].includes(key) || (isCall && key === "input") ? [] : texts(entry, isCall),
  )
}
