import { expect, test } from "bun:test"
import { NO_USAGE } from "@skein/protocol"
import { turnBegun } from "@skein/protocol/turns"
import { DEFAULT_LIMITS, decide, type TurnView } from "../src/index.ts"

type Turn = TurnView["turn"]

const TURN: Turn = {
  turnId: "trn_1",
  stepsEnded: 0,
  attempt: undefined,
  lastStep: undefined,
  failure: undefined,
  failures: 0,
  attemptsBefore: 0,
  overloads: 0,
  reroutedTo: undefined,
  pauses: 0,
  compactions: 0,
  tokens: 0,
  model: undefined,
  usage: NO_USAGE,
  microUsd: 0,
  childTokens: 0,
  childMicroUsd: 0,
  batch: undefined,
  taint: [],
  isStopRequested: false,
  isUnchecked: false,
  endedByHook: undefined,
  hookStops: 0,
  record: turnBegun({ turnId: "trn_1", at: 0 }),
  isDryRun: false,
  isOwnCall: false,
  terms: {},
  rules: [],
}

/** A decision in a few words. */
function decided(view: Partial<Omit<TurnView, "turn">> & { readonly turn?: Partial<Turn> }): string {
  const next = decide({
    ...{
      isInterrupted: false,
      isAttended: false,
      children: { tokens: 0, microUsd: 0 },
      fallbackModel: undefined,
      now: 1_000,
      openCalls: [],
      steersWaiting: 0,
      limits: DEFAULT_LIMITS,
    },
    ...{ contextTokens: 10, triggerTokens: 80, canCompact: false, isWorthCompacting: false, hasImages: false },
    ...view,
    turn: { ...TURN, ...view.turn },
  })
  switch (next.kind) {
    case "ask":
      return `ask ${next.step}.${next.attempt}`
    case "refuse_calls":
      return `refuse ${next.callIds} ${next.why}`
    case "run_calls":
      return `run ${next.callIds}`
    case "compact":
      return `compact ${next.cause}`
    case "wait":
      return `wait ${next.untilMs}`
    case "decide_wait":
      return `${next.isAsked ? "ask about waiting" : "decide to wait"} until ${next.untilMs}`
    case "reroute":
      return `reroute to ${next.model}`
    case "steer":
      return "steer"
    case "end":
      return `end ${Object.values(next.outcome).slice(0, 2).join(" ")}`
  }
}

const openCalls = ["cal_1"] as const
const ended: Partial<Turn> = { stepsEnded: 1, lastStep: { step: 1, stop: "end", callIds: [] } }
const called: Partial<Turn> = { stepsEnded: 1, lastStep: { step: 1, stop: "calls", callIds: ["cal_1"] } }
const failed = (code: string, retryAtMs?: number): Partial<Turn> => ({
  failures: 1,
  failure: { code, message: "m", retryAtMs },
})
const overloaded = (overloads: number, fallbackModel?: string) => ({
  fallbackModel,
  turn: { ...failed("provider.overloaded", 2_000), overloads },
})
const limited = (waits: "never" | "ask" | "auto", waitMsMax = 98_000) => ({
  limits: { ...DEFAULT_LIMITS, waits, waitMsMax },
  turn: {
    failures: 1,
    failure: { code: "provider.usage_limit", message: "m", retryAtMs: undefined, limitUntilMs: 99_000 },
  },
})
const repeated = (repeats: number): Partial<Turn> => ({
  ...called,
  batch: { signature: "s", repeats, results: [], isUnchanged: true },
})
const full = { contextTokens: 90, isWorthCompacting: true }

// Each row is decided by the rule it names; what would have decided below it is there too.
const ROWS: readonly [name: string, view: Parameters<typeof decided>[0], decision: string][] = [
  ["a new turn asks", {}, "ask 1.1"],
  [
    "an interrupt stands above all: open calls are refused",
    { isInterrupted: true, openCalls, turn: failed("x") },
    "refuse cal_1 cancelled",
  ],
  ["an interrupt with nothing open ends", { isInterrupted: true, steersWaiting: 1, turn: ended }, "end interrupted"],
  ["a refusal that stops is an interrupt", { openCalls, turn: { isStopRequested: true } }, "refuse cal_1 cancelled"],
  ["a failure with a time waits for it", { turn: failed("provider.overloaded", 2_000) }, "wait 2000"],
  ["and then asks again, as another attempt", { turn: failed("provider.overloaded", 1_000) }, "ask 1.2"],
  ["a failure without one ends", { turn: failed("provider.auth"), steersWaiting: 1 }, "end failed provider.auth"],
  ["overloaded three times, the one named for that is asked", overloaded(3, "b/c"), "reroute to b/c"],
  ["not before", overloaded(2, "b/c"), "wait 2000"],
  ["unless no other try is left", { ...overloaded(1, "b/c"), turn: failed("provider.overloaded") }, "reroute to b/c"],
  ["and where none was named it waits", overloaded(3), "wait 2000"],
  ["a long limit is waited for as the settings say", limited("auto"), "decide to wait until 99000"],
  ["or as somebody says who is there", { ...limited("ask"), isAttended: true }, "ask about waiting until 99000"],
  ["where nobody is there it ends", limited("ask"), "end failed provider.usage_limit"],
  ["never is never", { ...limited("never"), isAttended: true }, "end failed provider.usage_limit"],
  ["longer than is allowed it ends", limited("auto", 97_999), "end failed provider.usage_limit"],
  ["too long a context is let go", { turn: failed("provider.context_exceeded"), canCompact: true }, "compact reactive"],
  [
    "three times",
    { turn: { ...failed("provider.context_exceeded"), compactions: 2 }, canCompact: true },
    "compact reactive",
  ],
  [
    "and no more",
    { turn: { ...failed("provider.context_exceeded"), compactions: 3 }, canCompact: true },
    "end failed provider.context_exceeded",
  ],
  [
    "nor when nothing is left to let go",
    { turn: failed("provider.context_exceeded") },
    "end failed provider.context_exceeded",
  ],
  [
    "a refused request with images is tried without",
    { turn: failed("provider.invalid_request"), hasImages: true },
    "compact images",
  ],
  [
    "one without images is not",
    { turn: failed("provider.invalid_request"), canCompact: true },
    "end failed provider.invalid_request",
  ],
  ["open calls are run", { openCalls, turn: called, steersWaiting: 1 }, "run cal_1"],
  ["twice the same are run", { openCalls, turn: repeated(2) }, "run cal_1"],
  ["the third time they are refused", { openCalls, turn: repeated(3) }, "refuse cal_1 repeated"],
  ["after which the model is asked once more", { turn: repeated(3) }, "ask 2.1"],
  ["and the fourth time ends the turn", { turn: repeated(4) }, "end exhausted tool_loop"],
  ["a steer joins once a step has ended, even the last", { turn: ended, steersWaiting: 1 }, "steer"],
  ["it saves a turn from its loop", { turn: repeated(4), steersWaiting: 1 }, "steer"],
  ["before the first step it waits", { steersWaiting: 1 }, "ask 1.1"],
  [
    "at a limit it waits for the next turn",
    { turn: ended, steersWaiting: 1, limits: { ...DEFAULT_LIMITS, stepsMax: 1 } },
    "end completed",
  ],
  ["an answer without calls completes", { turn: ended, limits: { ...DEFAULT_LIMITS, stepsMax: 1 } }, "end completed"],
  [
    "so does one at the output limit",
    { turn: { ...ended, lastStep: { step: 1, stop: "length", callIds: [] } } },
    "end completed",
  ],
  [
    "a model that declines fails the turn",
    { turn: { ...ended, lastStep: { step: 1, stop: "refusal", callIds: [] } } },
    "end failed provider.refused",
  ],
  ["a pause goes on", { turn: { ...ended, lastStep: { step: 1, stop: "paused", callIds: [] } } }, "ask 2.1"],
  ["settled calls go back to the model", { turn: called }, "ask 2.1"],
  ["up to so many steps", { turn: called, limits: { ...DEFAULT_LIMITS, stepsMax: 1 } }, "end exhausted steps"],
  [
    "as long as the next request is within the tokens",
    { turn: { ...called, tokens: 90 }, limits: { ...DEFAULT_LIMITS, tokensMax: 100 } },
    "ask 2.1",
  ],
  [
    "and not one token more",
    { turn: { ...called, tokens: 91 }, limits: { ...DEFAULT_LIMITS, tokensMax: 100 } },
    "end exhausted tokens",
  ],
  [
    "a first request beyond the tokens is not sent",
    { limits: { ...DEFAULT_LIMITS, tokensMax: 9 } },
    "end exhausted tokens",
  ],
  [
    "until the money is spent",
    { turn: { ...called, microUsd: 100 }, limits: { ...DEFAULT_LIMITS, microUsdMax: 100 } },
    "end exhausted money",
  ],
  [
    "a limit stands above letting go",
    { ...full, turn: called, limits: { ...DEFAULT_LIMITS, stepsMax: 1 } },
    "end exhausted steps",
  ],
  ["a full context is let go first", { ...full, turn: called }, "compact auto"],
  ["not when it is exactly at the threshold", { ...full, contextTokens: 80, turn: called }, "ask 2.1"],
  ["not again in the same step", { ...full, turn: { ...called, compactions: 1 } }, "ask 2.1"],
  ["not when it is not worth it", { ...full, isWorthCompacting: false, canCompact: true, turn: called }, "ask 2.1"],
  ["never by a threshold when the window is not known", { ...full, triggerTokens: undefined, turn: called }, "ask 2.1"],
  ["also before another attempt", { ...full, turn: failed("provider.overloaded", 0) }, "compact auto"],
]

for (const [name, view, decision] of ROWS) {
  test(`decide: ${name}`, () => expect(decided(view)).toBe(decision))
}

test("a decision is a function of its view", () => {
  for (const [, view] of ROWS) expect(decided(view)).toBe(decided(structuredClone(view)))
})
