import type { CallId, DurableDraft, InputPart, TurnId } from "@skein/protocol"

/** One turn of a made-up session, whole: everything that it starts, it ends. */
export function fixtureTurn(turn: number, chance: () => number): DurableDraft[] {
  const turnId: TurnId = `trn_${turn}`
  const input = [text(sentence(chance, 12))]
  const drafts: DurableDraft[] = [{ type: "turn.started", turnId, inputId: `inp_${turn}`, input, source: "user" }]
  const steps = 1 + Math.floor(chance() * 4)
  for (let step = 1; step <= steps; step++) {
    drafts.push(...stepOf({ turn, turnId, step, isLast: step === steps }, chance))
    if (step < steps && chance() < 0.1) drafts.push(...steered(turn, step, turnId, chance))
  }
  drafts.push({ type: "turn.ended", turnId, outcome: outcomeOf(chance) })
  if (chance() < 0.05) drafts.push({ type: "session.changed", title: sentence(chance, 4) })
  return drafts
}

interface Place {
  readonly turn: number
  readonly turnId: TurnId
  readonly step: number
  readonly isLast: boolean
}

const TOOLS = [
  { name: "read", kind: "read" },
  { name: "edit", kind: "edit" },
  { name: "bash", kind: "execute" },
  { name: "grep", kind: "search" },
] as const
const WORDS =
  "the parser index of every session keeps a log and folds its events into turns while tests read what was said".split(
    " ",
  )

const SYLLABLES = [
  "ba",
  "co",
  "de",
  "fi",
  "gu",
  "ha",
  "jo",
  "ki",
  "lu",
  "ma",
  "ne",
  "po",
  "qua",
  "ri",
  "so",
  "tu",
].flatMap((one, _, all) => all.map((other) => one + other))

function stepOf(place: Place, chance: () => number): DurableDraft[] {
  const { turn, turnId, step, isLast } = place
  const started = { type: "step.started", turnId, step, model: "fixture/one", tokens: 2000 + step * 700 } as const
  const drafts: DurableDraft[] = []
  const isRetried = chance() < 0.05
  if (isRetried) {
    drafts.push({ ...started, attempt: 1 })
    drafts.push({
      ...{ type: "step.discarded", turnId, step, attempt: 1, code: "provider.overloaded", retryInMs: 1000 },
      message: "The provider is overloaded.",
    })
  }
  drafts.push({ ...started, attempt: isRetried ? 2 : 1 })
  const item = { turnId, step, itemId: `itm_${turn}-${step}`, kind: "agent_message" } as const
  const said = Array.from({ length: 1 + Math.floor(chance() * 3) }, () => `${sentence(chance, 60)}\n`)
  for (const piece of said) drafts.push({ type: "item.appended", ...item, text: piece })
  drafts.push({ type: "item.completed", ...item, index: 0, text: said.join(""), status: "complete" })
  const count = isLast ? 0 : 1 + Math.floor(chance() * 3)
  const calls = Array.from({ length: count }, (_, index) => callOf(place, index + 1, chance))
  for (const call of calls) drafts.push(call.requested)
  drafts.push(ended(place, calls.length > 0, chance))
  for (const call of calls) drafts.push(...call.rest)
  return drafts
}

function ended({ turnId, step }: Place, hasCalls: boolean, chance: () => number): DurableDraft {
  const input = 1000 + Math.floor(chance() * 9000)
  const usage = { input, cacheRead: input * 3, cacheWrite: 200, output: 300, reasoning: 0 }
  const times = { firstTokenMs: 200 + Math.floor(chance() * 900), durationMs: 1500 + Math.floor(chance() * 4000) }
  const stop = hasCalls ? "calls" : "end"
  return { type: "step.ended", turnId, step, outcome: "completed", stop, usage, microUsd: input * 3, ...times }
}

type Fate = "success" | "error" | "denied" | "allowed" | "cancelled" | "unknown" | "defect"

function fateOf(chance: () => number): Fate {
  const drawn = chance()
  if (drawn < 0.6) return "success"
  if (drawn < 0.72) return "error"
  if (drawn < 0.86) return "allowed"
  if (drawn < 0.91) return "denied"
  if (drawn < 0.95) return "cancelled"
  return drawn < 0.98 ? "unknown" : "defect"
}

function callOf({ turn, turnId, step }: Place, index: number, chance: () => number) {
  const callId: CallId = `cal_${turn}-${step}-${index}`
  const tool = TOOLS[Math.floor(chance() * TOOLS.length)] ?? TOOLS[0]
  const fate = fateOf(chance)
  const path = `/repo/src/${word(chance)}-${word(chance)}.ts`
  const requested: DurableDraft = {
    ...{ type: "call.requested", turnId, step, callId, index, name: tool.name, title: `${tool.name} ${path}` },
    ...{ kind: tool.kind, locations: [path], input: { path, text: sentence(chance, 10) } },
    ...(fate === "defect" ? { defect: { code: "call.invalid_input" as const, message: "path: expected a text" } } : {}),
  }
  const rest: DurableDraft[] = []
  if (fate === "allowed" || fate === "denied") rest.push(...approval(turn, step, index, callId, fate))
  if (fate !== "denied" && fate !== "defect") rest.push({ type: "call.started", callId })
  if (fate === "allowed" && tool.name === "edit") rest.push(edited(turnId, callId, path, chance))
  rest.push({ type: "call.settled", callId, ...settledAs(fate, chance) })
  return { requested, rest }
}

function settledAs(fate: Fate, chance: () => number) {
  const lines = Array.from({ length: 4 + Math.floor(chance() * 30) }, () => sentence(chance, 9))
  const output = { forModel: [text(lines.join("\n"))], durationMs: Math.floor(chance() * 2000) }
  const told = (words: string) => ({ forModel: [text(words)], durationMs: 0 })
  switch (fate) {
    case "success":
    case "allowed":
      return { outcome: "success" as const, ...output, bytes: lines.join("\n").length }
    case "error":
      return { outcome: "error" as const, code: "call.failed", ...output, exitCode: 1 }
    case "unknown":
      return {
        outcome: "error" as const,
        code: "call.unknown_outcome",
        ...told("It may have run; check before repeating."),
      }
    case "defect":
      return { outcome: "error" as const, code: "call.invalid_input", ...told("path: expected a text") }
    case "denied":
      return { outcome: "error" as const, code: "call.denied", ...told("The person said no.") }
    case "cancelled":
      return { outcome: "cancelled" as const, code: "call.cancelled", ...told("Cancelled.") }
  }
}

function approval(
  turn: number,
  step: number,
  index: number,
  callId: CallId,
  fate: "allowed" | "denied",
): DurableDraft[] {
  const approvalId = `apr_${turn}-${step}-${index}` as const
  const asked = { subject: "call", callId, digest: `${turn}${step}${index}`, reasons: ["it changes files"] } as const
  const options = ["allow_once" as const, "reject_once" as const]
  return [
    { type: "approval.requested", approvalId, ...asked, actions: [{ verb: "write", target: "/repo/src" }], options },
    { type: "approval.resolved", approvalId, answer: fate === "allowed" ? "allow_once" : "reject_once", by: "person" },
  ]
}

function edited(turnId: TurnId, callId: CallId, path: string, chance: () => number): DurableDraft {
  const version = () => {
    const sha256 = Array.from({ length: 8 }, () =>
      Math.floor(chance() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("")
    return { kind: "file" as const, sha256, bytes: Math.floor(chance() * 9000), mode: 0o644, isKept: true }
  }
  return {
    type: "files.changed",
    turnId,
    callId,
    changes: [{ path, before: version(), after: version() }],
    notCovered: [],
  }
}

function steered(turn: number, step: number, turnId: TurnId, chance: () => number): DurableDraft[] {
  const inputId = `inp_${turn}-${step}` as const
  const input = [text(sentence(chance, 8))]
  return [
    { type: "input.queued", inputId, delivery: "steer", input },
    { type: "turn.steered", turnId, inputs: [{ inputId, input }] },
  ]
}

function outcomeOf(chance: () => number) {
  const drawn = chance()
  if (drawn < 0.9) return { kind: "completed" } as const
  if (drawn < 0.95) return { kind: "interrupted" } as const
  if (drawn < 0.98)
    return { kind: "failed", code: "provider.unavailable", message: "The provider is unavailable." } as const
  return { kind: "exhausted", reason: "steps", message: "The turn reached its limit of steps." } as const
}

function text(words: string): InputPart {
  return { type: "text", text: words }
}

function sentence(chance: () => number, words: number): string {
  return Array.from({ length: words }, () => word(chance)).join(" ")
}

/** Some words stand everywhere, most are rare, as in what people write. */
function word(chance: () => number): string {
  const common = WORDS[Math.floor(chance() * WORDS.length)] ?? ""
  return chance() < 0.6 ? common : `${common}${SYLLABLES[Math.floor(chance() * SYLLABLES.length)]}`
}
