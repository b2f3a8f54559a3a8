import { createEngine, DEFAULT_LIMITS, DEFAULT_RETRY, type EnginePorts, type RunningEngine } from "@skein/core"
import type { ModelPort } from "@skein/core/ports"
import { type Event, type Op, type Rule, type SessionId, type Settings, SkeinError } from "@skein/protocol"
import { memoryCatalogue } from "./memory-catalogue.ts"
import { noCheckpoints } from "./memory-checkpoints.ts"
import { noLayers } from "./memory-layers.ts"
import { type MemoryLogs, memoryLogs } from "./memory-logs.ts"
import { testPolicy } from "./test-policy.ts"
import { testShell, testTools } from "./tools.ts"
import { countingRandom, fakeClock, quarterTokens } from "./world.ts"

export const TEST_SETTINGS: Settings = {
  model: "test/scripted",
  mode: "auto",
  sandbox: "workspace-write",
  extraRoots: [],
  limits: {},
}

/** What a test chooses of an engine; settings and rules hold in every folder. */
export interface TestPorts extends Partial<EnginePorts> {
  readonly settings?: Settings
  readonly rules?: readonly Rule[]
}

/** An engine of fakes alone: no file, network, terminal or clock. Anything may be replaced. */
export function testEngine(model: ModelPort, ports: TestPorts = {}): RunningEngine {
  return seen(createEngine(testPorts(model, ports)))
}

let seen = (engine: RunningEngine): RunningEngine => engine

/**
 * From now on every test engine is seen through something, as the far end of a wire: for a run of other packages' tests that is to
 * show that nobody can tell. Called by a file that such a run loads first.
 */
export function seeEnginesThrough(something: (engine: RunningEngine) => RunningEngine): void {
  seen = something
}

export function testPorts(model: ModelPort, ports: TestPorts = {}): EnginePorts {
  const { settings = TEST_SETTINGS, rules = [], logs = memoryLogs(), ...rest } = ports
  return {
    model,
    tools: testTools({}),
    shellLines: testShell(() => ""),
    policy: testPolicy,
    sources: { gather: async () => [], touched: async () => [] },
    logs,
    catalogue: memoryCatalogue("all" in logs ? (logs as MemoryLogs) : memoryLogs()),
    checkpoints: noCheckpoints(),
    meter: { record: () => undefined },
    origins: { settings: () => [], keys: () => new Map() },
    clock: fakeClock({ isFast: true }),
    random: countingRandom(),
    tokens: quarterTokens,
    limits: DEFAULT_LIMITS,
    retry: DEFAULT_RETRY,
    // Nothing beats by itself: a clock on which time jumps would jump for ever.
    agents: { depthMax: 2, runningMax: 10, timeoutMs: 30 * 60_000, beatMs: 60_000 },
    whenFull: "compact",
    settingsFor: () => settings,
    tierFor: (tier) => {
      throw new SkeinError("config.invalid", `No model is set for the tier ${tier}.`)
    },
    // Of what an engine would do by itself beside a turn, a test asks for what it means.
    taskFor: (task, model) =>
      task === "compaction" || task === "handoff"
        ? { kind: "model", model, why: "it is the session's own" }
        : { kind: "off", why: "nobody asked for it" },
    profileFor: () => ({ profile: "standard" }),
    dayStart: (now) => now - (now % (24 * 3600 * 1000)),
    rulesFor: () => rules,
    keepRule: () => Promise.resolve(undefined),
    dropRule: (id) => Promise.reject(new SkeinError("rule.not_found", `There is no rule ${id}.`)),
    audit: { record: () => Promise.resolve() },
    layers: noLayers(),
    version: "0.0.0",
    locate: async (cwd) => ({ path: cwd }),
    relocate: async (workspace) => workspace,
    onDefect: (error) => {
      throw error
    },
    ...rest,
  }
}

/** A session with one prompt in it, played to the end of its turn. */
export async function play(model: ModelPort, ports: TestPorts, prompt: string): Promise<string> {
  const engine = testEngine(model, ports)
  const session = await openSession(engine)
  await submit(engine, {
    type: "turn.submit",
    sessionId: session.id,
    input: [{ type: "text", text: prompt }],
    delivery: "start",
  })
  await session.until("turn.ended")
  await engine.close()
  return transcript(session.events)
}

export interface TestSession {
  readonly id: SessionId
  /** Everything so far. */
  readonly events: readonly Event[]
  /** Resolves with the next event of a type that has not been waited for yet. */
  until<T extends Event["type"]>(type: T): Promise<Extract<Event, { type: T }>>
  /** The same, with the next event of any of these types. */
  untilAny<T extends Event["type"]>(...types: readonly T[]): Promise<Extract<Event, { type: T }>>
}

/** Makes a session and listens to it. */
export async function openSession(engine: RunningEngine, settings: Partial<Settings> = {}): Promise<TestSession> {
  const receipt = await engine.submit({
    type: "session.create",
    cwd: "/repo",
    settings: { ...settings, extraRoots: [] },
  })
  if (receipt.status !== "accepted") throw new Error(receipt.message)
  return listen(engine, receipt.sessionId)
}

/** Listens to a session, from a durable cursor when given. */
export function listen(engine: RunningEngine, id: SessionId, from?: number): TestSession {
  const events: Event[] = []
  let seen = 0
  let wake = () => {}
  let ended: { error?: unknown } | undefined
  const follow = async () => {
    for await (const event of engine.events({ sessionId: id, from })) {
      events.push(event)
      wake()
    }
  }
  follow()
    .then(
      () => {
        ended = {}
      },
      (error: unknown) => {
        ended = { error }
      },
    )
    .finally(() => wake())
  const untilAny = async <T extends Event["type"]>(...types: readonly T[]): Promise<Extract<Event, { type: T }>> => {
    for (;;) {
      while (seen < events.length) {
        const event = events[seen++]
        if (event !== undefined && isOneOf(event, types)) return event
      }
      if (ended !== undefined) throw ended.error ?? new Error(`The session ended before ${types}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { id, events, until: (type) => untilAny(type), untilAny }
}

function isOneOf<T extends Event["type"]>(event: Event, types: readonly T[]): event is Extract<Event, { type: T }> {
  return types.some((type) => type === event.type)
}

/** Submits, and fails the test when the op is refused. */
export async function submit(engine: RunningEngine, op: Op) {
  const receipt = await engine.submit(op)
  if (receipt.status !== "accepted") throw new Error(`${op.type} was refused: ${receipt.message}`)
  return receipt
}

/** Submits a text. */
export function submitText(
  engine: RunningEngine,
  sessionId: SessionId,
  text: string,
  delivery: "start" | "steer" | "queue" = "start",
) {
  return submit(engine, { type: "turn.submit", sessionId, input: [{ type: "text", text }], delivery })
}

/** Events as lines a person can compare: durable ones only, each with what tells it from its like. */
export function transcript(events: readonly Event[]): string {
  return events
    .filter((event) => "seq" in event)
    .map(line)
    .join("\n")
}

function line(event: Event): string {
  switch (event.type) {
    case "turn.ended": {
      const { outcome } = event
      const why =
        outcome.kind === "failed" ? ` ${outcome.code}` : outcome.kind === "exhausted" ? ` ${outcome.reason}` : ""
      return `turn.ended ${outcome.kind}${why}`
    }
    case "turn.started":
      return `turn.started ${event.source}`
    case "item.completed":
      return `item.completed ${event.kind} ${event.status} ${JSON.stringify(event.text)}`
    case "item.appended":
      return `item.appended ${event.kind} ${event.text.length}`
    case "call.requested":
      return `call.requested ${event.name}${event.defect === undefined ? "" : ` ${event.defect.code}`}`
    case "call.settled": {
      const [first] = event.forModel
      return `call.settled ${event.outcome}${event.code === undefined ? "" : ` ${event.code}`} ${JSON.stringify(first?.type === "text" ? first.text : "[image]")}`
    }
    case "shell.ended":
      return `shell.ended ${event.outcome}${event.code === undefined ? "" : ` ${event.code}`}${event.isPrivate ? " private" : ""}`
    case "subagent.started":
      return `subagent.started ${event.agent}`
    case "subagent.ended":
      return `subagent.ended ${event.outcome.kind} ${JSON.stringify(event.text)}`
    case "approval.requested":
      return event.agent === undefined ? event.type : `approval.requested of ${event.agent.name}`
    case "step.started":
      return `step.started ${event.step}.${event.attempt}`
    case "step.ended":
      return `step.ended ${event.step} ${event.stop}`
    case "step.discarded":
      return `step.discarded ${event.step}.${event.attempt} ${event.code}${event.retryInMs === undefined ? "" : " again"}`
    case "approval.resolved":
      return `approval.resolved ${event.answer} by ${event.by}`
    case "context.compacted":
      return `context.compacted ${event.kind}`
    case "notice.posted":
      return `notice.posted ${event.level}`
    default:
      return event.type
  }
}
