import {
  type ErrorCode,
  type Event,
  isDurable,
  type Op,
  type RewindTarget,
  type Rule,
  SkeinError,
} from "@skein/protocol"
import {
  type Log,
  type MemoryLayers,
  memoryLayers,
  memoryLogs,
  scriptedModelWith,
  TEST_SETTINGS,
  testPorts,
  testTools,
} from "@skein/testkit"
import { createEngine } from "../src/index.ts"
import {
  type AuditEntry,
  type ModelChunk,
  type ModelRequest,
  type RunContext,
  ToolFailure,
  type ToolsPort,
} from "../src/ports/index.ts"
import { isSummary } from "./summaries.ts"

/** What happened in a session that was left to chance. */
export interface Played {
  readonly log: Log
  readonly events: readonly Event[]
  /** One a request that reached the model. */
  readonly requests: readonly ModelRequest[]
  /** How often each call ran, by the number that it alone has. */
  readonly runs: ReadonlyMap<number, number>
  /** What became of each layer that a command ran in. */
  readonly layers: MemoryLayers["ends"]
  /** Everything that was recorded. */
  readonly audit: readonly AuditEntry[]
  /** Errors that were nobody's to handle. */
  readonly defects: readonly unknown[]
}

/** Chance that can be repeated. */
export class Dice {
  #state: number
  #count = 0

  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 + 1
  }

  /** 0 ≤ x < 1 (mulberry32). */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** 1, 2, 3 … */
  next(): number {
    this.#count += 1
    return this.#count
  }

  chance(share: number): boolean {
    return this.roll() < share
  }

  below(count: number): number {
    return Math.floor(this.roll() * count)
  }

  /** One of at least one. */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error("Nothing to choose from")
    return choices[this.below(choices.length)] as T
  }
}

const CODES: readonly ErrorCode[] = [
  "provider.stream_cut",
  "provider.rate_limited",
  "provider.context_exceeded",
  "provider.invalid_request",
  "provider.auth",
  "provider.protocol",
]

/** Texts that models, tools and providers may write: plain, blank, long, or with the bytes of a terminal in them. */
const TEXTS = ["yes", " ", "line\nline", "\u001b[31mred\u001b[0m\u0007", "cr\r", "\n", "x".repeat(5_000), "ümläut 🙂"]

/** Plays a session in which everything happens at some time, and comes to rest. The same seed plays the same. */
export async function generated(seed: number): Promise<Played> {
  const dice = new Dice(seed)
  const runs = new Map<number, number>()
  const requests: ModelRequest[] = []
  const logs = memoryLogs()
  const model = {
    ...scriptedModelWith({ contextTokens: dice.pick([undefined, 3_000, 12_000, 100_000]) }),
    async *stream(request: ModelRequest, signal: AbortSignal) {
      // A summary is no step.
      if (!isSummary(request)) requests.push(request)
      for (const burst of reply(dice, requests.length)) {
        if (burst instanceof SkeinError) throw burst
        if (dice.chance(0.3)) await tick()
        if (signal.aborted) throw signal.reason
        yield burst
      }
    },
  }
  const mode = dice.pick(["auto", "ask"] as const)
  const settings = {
    ...TEST_SETTINGS,
    mode,
    approveEffects: dice.chance(0.2),
    limits: dice.chance(0.2) ? { stepsMax: 3 } : {},
  }
  const sources = {
    gather: async () => [section("system", dice.chance(0.2) ? `changed ${dice.below(9)}` : "be brief")],
    touched: async () => (dice.chance(0.2) ? [section("agents_md", `nested ${dice.below(3)}`)] : []),
  }
  const defects: unknown[] = []
  const onDefect = (error: unknown) => {
    if (error !== BROKEN_TOOL && error !== UNWRITABLE) defects.push(error)
  }
  const tools = randomTools(dice, runs)
  const layers = memoryLayers({ changes: [], isTaken: () => dice.chance(0.3) })
  const entries: AuditEntry[] = []
  const audit = {
    async record(entry: AuditEntry) {
      // Without a record of what it begins with there is no session to play.
      if (entries.length > 0 && dice.chance(0.02)) throw UNWRITABLE
      entries.push(entry)
    },
  }
  const engine = createEngine(testPorts(model, { tools, logs, settings, sources, onDefect, layers, audit }))
  const sessionId = "ses_random"
  await engine.submit({ type: "session.create", sessionId, cwd: "/repo" })

  const events: Event[] = []
  const reactions: Promise<unknown>[] = []
  const following = (async () => {
    for await (const event of engine.events({ sessionId, from: 1 })) {
      events.push(event)
      for (const op of reactionsTo(event, dice)) reactions.push(engine.submit(op))
    }
  })()
  await engine.submit({ type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] })
  for (let prompt = 0; prompt < 4; prompt++) {
    await engine.submit(submission(sessionId, `prompt ${prompt}`, dice.pick(["start", "queue"])))
    await atRest(events, () => engine.submit({ type: "turn.interrupt", sessionId }))
    if (dice.chance(0.4)) await engine.submit({ type: "session.rewind", sessionId, to: target(dice), scope: "chat" })
  }
  await Promise.all(reactions)
  await engine.close()
  await following
  return { log: events.filter(isDurable), events, requests, runs, defects, layers: layers.ends, audit: entries }
}

/** Nothing happens any more; whatever still waits is stopped. */
async function atRest(events: readonly Event[], stop: () => Promise<unknown>): Promise<void> {
  for (let quiet = 0, before = -1; quiet < 4; ) {
    await tick()
    quiet = events.length === before ? quiet + 1 : 0
    before = events.length
    if (quiet === 3) await stop()
  }
}

/** All that is ready to run has run. */
export function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function reactionsTo(event: Event, dice: Dice): Op[] {
  const { sessionId } = event
  const ops: Op[] = []
  if (event.type === "approval.requested" && dice.chance(0.8)) ops.push(answerTo(event.approvalId, sessionId, dice))
  if (event.type === "call.started" && dice.chance(0.1)) {
    ops.push({ type: "call.cancel", sessionId, callId: event.callId })
  }
  if (event.type === "input.queued" && dice.chance(0.2)) {
    ops.push({ type: "input.cancel", sessionId, inputId: event.inputId })
  }
  if (dice.chance(0.01)) ops.push({ type: "turn.interrupt", sessionId })
  if (dice.chance(0.02)) ops.push(submission(sessionId, `steer ${event.at}`, dice.pick(["steer", "queue"])))
  if (dice.chance(0.01)) {
    ops.push({ type: "settings.change", sessionId, changes: { mode: dice.pick(["ask", "auto", "plan", "full"]) } })
  }
  if (dice.chance(0.01)) ops.push({ type: "settings.change", sessionId, changes: { approveEffects: dice.chance(0.5) } })
  if (dice.chance(0.01)) ops.push({ type: "rule.add", sessionId, rule: ruleOf(dice) })
  if (dice.chance(0.01)) ops.push({ type: "rule.remove", sessionId, ruleId: `rul_${1 + dice.below(5)}` })
  if (dice.chance(0.005)) ops.push({ type: "client.detach", sessionId, clientId: "cli_a" })
  return ops
}

function ruleOf(dice: Dice): Rule {
  const scope = dice.pick(["session", "session", "project", "managed"] as const)
  return { tool: dice.pick(["shell", "held", "*"]), decision: dice.pick(["allow", "ask", "deny"] as const), scope }
}

function target(dice: Dice): RewindTarget {
  return dice.pick([{ kind: "undo", turns: 1 }, { kind: "undo", turns: 2 }, { kind: "redo" }] as const)
}

function submission(sessionId: Event["sessionId"], text: string, delivery: "start" | "steer" | "queue"): Op {
  return { type: "turn.submit", sessionId, input: [{ type: "text", text }], delivery }
}

function answerTo(approvalId: `apr_${string}`, sessionId: Event["sessionId"], dice: Dice): Op {
  const answer = dice.pick(["allow_once", "preview", "allow_always", "reject_once", "reject_always"] as const)
  return {
    ...{ type: "approval.answer", sessionId, approvalId, answer },
    ...(dice.chance(0.2) ? { updatedInput: { n: 1_000_000 + dice.below(1_000_000) } } : {}),
    ...(dice.chance(0.2) ? { feedback: dice.pick(TEXTS) } : {}),
    ...(dice.chance(0.1) ? { interrupt: true } : {}),
  }
}

function reply(dice: Dice, request: number): (readonly ModelChunk[] | SkeinError)[] {
  const chunks: ModelChunk[] = []
  const items = dice.below(4)
  for (let index = 0; index < items; index++) chunks.push(...item(index, dice))
  // At some time every model is done.
  const calls = request > 12 ? 0 : dice.below(4)
  for (let at = 0; at < calls; at++) chunks.push(...call(items + at, dice))
  if (dice.chance(0.7)) chunks.push({ type: "usage", usage: { input: dice.below(500), output: dice.below(99) } })
  chunks.push({ type: "stop", reason: stopOf(calls, dice) })
  const cut = dice.chance(0.2) ? dice.below(chunks.length) : undefined
  const bursts = split(cut === undefined ? chunks : chunks.slice(0, cut), dice)
  if (cut === undefined || dice.chance(0.3)) return bursts
  return [...bursts, new SkeinError(dice.pick(CODES), `Refused: ${dice.pick(TEXTS)}`)]
}

function stopOf(calls: number, dice: Dice) {
  if (dice.chance(0.05)) return dice.pick(["length", "refusal"] as const)
  return calls > 0 ? "calls" : "end"
}

function item(index: number, dice: Dice): ModelChunk[] {
  const type = dice.chance(0.3) ? "reasoning" : "text"
  const data = { wire: "test", provider: "test", model: "scripted", data: { signature: `s${index}` } }
  const texts = Array.from({ length: dice.below(3) }, (): ModelChunk => ({ type, index, text: dice.pick(TEXTS) }))
  const isSigned = type === "reasoning" && dice.chance(0.5)
  if (dice.chance(0.1)) return texts
  return [...texts, { type: "item_end", index, ...(isSigned ? { providerData: data } : {}) }]
}

function call(index: number, dice: Dice): ModelChunk[] {
  const name = dice.pick(["read", "read", "write", "shell", "held", "held", "no such.tool", ""])
  const number = dice.next()
  const shape = dice.roll()
  const text = shape < 0.1 ? '{"n": ' : shape < 0.2 ? '{"bad": 1}' : shape < 0.25 ? "[]" : `{"n": ${number}}`
  const providerCallId = dice.pick([undefined, "call_0", "", `call_${number}`])
  const begin: ModelChunk[] = [
    { type: "call", index, name, ...(providerCallId === undefined ? {} : { providerCallId }) },
    { type: "arguments", index, text: text.slice(0, 3) },
    { type: "arguments", index, text: text.slice(3) },
  ]
  return dice.chance(0.05) ? begin : [...begin, { type: "item_end", index }]
}

function split(chunks: readonly ModelChunk[], dice: Dice): ModelChunk[][] {
  const bursts: ModelChunk[][] = [[]]
  for (const chunk of chunks) {
    if (dice.chance(0.4)) bursts.push([])
    bursts.at(-1)?.push(chunk)
  }
  return bursts
}

/** The defects that are meant: told of, and not the core's. */
const BROKEN_TOOL = new Error("the tool is wrong")
const UNWRITABLE = new SkeinError("audit.unwritable", "The record cannot be written.")

function randomTools(dice: Dice, runs: Map<number, number>): ToolsPort {
  const run = async (input: Record<string, unknown>, { signal, network, layer }: RunContext) => {
    const number = Number(input.n)
    // What is dropped with its layer did not happen: it may run again.
    if (layer !== undefined) return { forModel: [{ type: "text" as const, text: dice.pick(TEXTS) }] }
    if (dice.chance(0.2)) await network?.({ host: dice.pick(["a.org", "b.org"]), port: 443 }, signal)
    if (!Number.isNaN(number)) runs.set(number, (runs.get(number) ?? 0) + 1)
    for (let waits = dice.below(3); waits > 0; waits--) await tick()
    const fate = dice.roll()
    if (signal.aborted && fate < 0.5) throw signal.reason
    if (fate > 0.9) throw new ToolFailure(`Cannot: ${dice.pick(TEXTS)}`)
    if (fate > 0.85) throw new SkeinError("sandbox.unavailable", "There is no sandbox.")
    if (fate > 0.82) throw BROKEN_TOOL
    const text = dice.pick(TEXTS)
    return { forModel: [{ type: "text" as const, text }], forHuman: { kind: "command" as const, body: text } }
  }
  const tools = testTools({
    read: { run, isConcurrent: true, effects: [{ kind: "read", paths: ["/repo/a"], isInside: true }] },
    write: { run, effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }] },
    shell: { run, effects: [{ kind: "execute", command: "make\u001b[2J", isConfined: false }] },
    held: { run, effects: [{ kind: "execute", command: "make\u202e", isConfined: true }] },
  })
  const locations = ["/repo/a"]
  return { ...tools, describe: (name, input, cwd) => ({ ...tools.describe(name, input, cwd), locations }) }
}

function section(source: string, text: string) {
  return { source, text, sha256: `hash of ${text}`, bytes: text.length }
}
