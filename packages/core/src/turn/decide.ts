import { type CallId, longText, type TurnOutcome } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { OpenTurn } from "../transcript/state.ts"
import { usd } from "./budget.ts"

/** What the turn does next. The driver performs it; nothing else decides. */
export type Next =
  | { readonly kind: "ask"; readonly step: number; readonly attempt: number }
  | { readonly kind: "wait"; readonly untilMs: number }
  /** A provider's limit lasts long: whether to wait for its end is the settings' to say, or the person's when asked. */
  | { readonly kind: "decide_wait"; readonly untilMs: number; readonly isAsked: boolean }
  /** Another model is asked from here on to the turn's end. */
  | { readonly kind: "reroute"; readonly model: string; readonly code: string }
  | { readonly kind: "run_calls"; readonly callIds: readonly CallId[] }
  /** The calls are settled without running them. */
  | {
      readonly kind: "refuse_calls"
      readonly callIds: readonly CallId[]
      readonly why: "cancelled" | "repeated" | "hook"
    }
  | { readonly kind: "steer" }
  | { readonly kind: "compact"; readonly cause: "auto" | "reactive" | "images" }
  | { readonly kind: "end"; readonly outcome: TurnOutcome }

/** All that a decision depends on. */
export interface TurnView {
  readonly turn: OpenTurn
  readonly isInterrupted: boolean
  /** What happened, where it was not the person who interrupted. */
  readonly interruption?: string | undefined
  readonly now: number
  /** Calls requested and not settled, in order. */
  readonly openCalls: readonly CallId[]
  /** Input waiting to join at the next step. */
  readonly steersWaiting: number
  readonly limits: TurnLimits
  /** Whether somebody is there to be asked. */
  readonly isAttended: boolean
  /** `provider/model` for when the turn's own stays overloaded; undefined when there is none other. */
  readonly fallbackModel: string | undefined
  /** Why a budget lets no further request be made; undefined while it does. */
  readonly overBudget?: string | undefined
  /** What children took that the turn waited for. */
  readonly children: { readonly tokens: number; readonly microUsd: number }
  /** Tokens the next request would hold, as far as they are known. */
  readonly contextTokens: number
  /** From here on room is made before anything refuses; undefined when the model's window is not known. */
  readonly triggerTokens: number | undefined
  /** Whether older context could still be let go, however little it is. */
  readonly canCompact: boolean
  /** Whether the context is so full, and so much of it could go, that the cached prefix is worth losing. */
  readonly isWorthCompacting: boolean
  /** Whether the conversation holds images that a provider may have refused. */
  readonly hasImages: boolean
}

export interface TurnLimits {
  readonly stepsMax: number | undefined
  readonly tokensMax: number | undefined
  readonly microUsdMax: number | undefined
  /** The same calls with the same results this often in a row are refused; once more ends the turn. */
  readonly repeatsMax: number
  /** Share of the window from which on older results are left out, when that makes enough room. */
  readonly elideAt: number
  /** Share of the window from which on a summary takes the place of older context. */
  readonly compactAt: number
  /** Whether older turns become a line each before anything is summed up. */
  readonly windowing: boolean
  /** Whether a provider's limit that lasts long is waited for. `ask`: when somebody is there to say so. */
  readonly waits: "never" | "ask" | "auto"
  /** The longest such wait. */
  readonly waitMsMax: number
}

export const DEFAULT_LIMITS: TurnLimits = {
  stepsMax: undefined,
  tokensMax: undefined,
  microUsdMax: undefined,
  repeatsMax: 3,
  elideAt: 0.7,
  compactAt: 0.8,
  windowing: false,
  waits: "ask",
  waitMsMax: 6 * 60 * 60_000,
}

/** So often in a row a model may be overloaded before the one is asked that was named for that. SEMANTICS 1.5. */
const OVERLOADS_MAX = 3

/** How often in a row a provider may pause within a reply: each time is a request, and one that never ends would be for ever. */
const PAUSES_MAX = 16

/** How often a context error is answered by letting go of more before it is shown. */
const COMPACTIONS_MAX = 3

/** Pure: the same view gives the same answer. The order of the rules is the rule. */
export function decide(view: TurnView): Next {
  const { turn } = view
  if (view.isInterrupted || turn.isStopRequested) {
    if (view.openCalls.length > 0) return { kind: "refuse_calls", callIds: view.openCalls, why: "cancelled" }
    return end({ kind: "interrupted", ...given("message", view.interruption) })
  }
  if (turn.endedByHook !== undefined) {
    if (view.openCalls.length > 0) return { kind: "refuse_calls", callIds: view.openCalls, why: "hook" }
    return end(turn.endedByHook)
  }
  if (turn.failure !== undefined) return afterFailure(view, turn.failure)
  if (view.openCalls.length > 0) {
    const isRepeated = (turn.batch?.repeats ?? 0) >= view.limits.repeatsMax
    if (isRepeated) return { kind: "refuse_calls", callIds: view.openCalls, why: "repeated" }
    return { kind: "run_calls", callIds: view.openCalls }
  }
  if (turn.isOwnCall) return end({ kind: "completed" })
  const limit = exhausted(view)
  // What the person says now would not be read any more within the limit: it waits for the next turn.
  if (view.steersWaiting > 0 && turn.stepsEnded > 0 && limit === undefined) return { kind: "steer" }
  return afterStep(view) ?? limit ?? ask(view)
}

function afterFailure(view: TurnView, failure: NonNullable<OpenTurn["failure"]>): Next {
  const { fallbackModel, limits } = view
  // Without another try of its own there is nothing to count to three for.
  const isOverloaded = failure.code === "provider.overloaded"
  const isOut = view.turn.overloads >= OVERLOADS_MAX || failure.retryAtMs === undefined
  if (isOverloaded && isOut && fallbackModel !== undefined)
    return { kind: "reroute", model: fallbackModel, code: failure.code }
  if (failure.retryAtMs !== undefined) {
    if (failure.retryAtMs > view.now) return { kind: "wait", untilMs: failure.retryAtMs }
    return exhausted(view) ?? ask(view)
  }
  const untilMs = failure.limitUntilMs
  if (untilMs !== undefined) {
    const isWithin = untilMs - view.now <= limits.waitMsMax
    const isOpen = isWithin && failure.isAwaited === undefined
    if (isOpen && limits.waits === "auto") return { kind: "decide_wait", untilMs, isAsked: false }
    if (isOpen && limits.waits === "ask" && view.isAttended) return { kind: "decide_wait", untilMs, isAsked: true }
    const message = `${failure.message} ${limitText(untilMs - view.now, isWithin)}`
    return end({ kind: "failed", code: failure.code, message })
  }
  const mayCompact = view.turn.compactions < COMPACTIONS_MAX
  if (failure.code === "provider.context_exceeded" && view.canCompact && mayCompact) {
    return { kind: "compact", cause: "reactive" }
  }
  // A refused request that holds images is most often refused for one of them: without them it is tried once more.
  if (failure.code === "provider.invalid_request" && view.hasImages && mayCompact) {
    return { kind: "compact", cause: "images" }
  }
  return end({ kind: "failed", code: failure.code, message: failure.message })
}

function limitText(leftMs: number, isWithin: boolean): string {
  const left = `The limit is over in ${longText(leftMs)}.`
  return isWithin
    ? `${left} With limits.wait = "auto" it is waited for.`
    : `${left} That is longer than limits.wait_minutes_max lets skein wait.`
}

/** What the way the newest step ended calls for; undefined when the model is to be asked again. */
function afterStep(view: TurnView): Next | undefined {
  const last = view.turn.lastStep
  if (last === undefined) return undefined
  if (last.stop === "paused") return view.turn.pauses < PAUSES_MAX ? undefined : endlessPauses()
  if (last.callIds.length > 0) {
    if ((view.turn.batch?.repeats ?? 0) <= view.limits.repeatsMax) return undefined
    return end({
      kind: "exhausted",
      reason: "tool_loop",
      message: "The model asked for the same calls again and again and got the same results. Say how to go on.",
    })
  }
  if (last.stop === "refusal") {
    return end({ kind: "failed", code: "provider.refused", message: "The model declined to answer this." })
  }
  return end({ kind: "completed" })
}

function endlessPauses(): Next {
  const message = `The provider paused within its reply ${PAUSES_MAX} times in a row. Say how to go on, or turn its search off.`
  return end({ kind: "exhausted", reason: "tool_loop", message })
}

function exhausted(view: TurnView): Next | undefined {
  const { turn, limits, children } = view
  const tokens = turn.tokens + children.tokens
  const microUsd = turn.microUsd + children.microUsd
  if (limits.stepsMax !== undefined && turn.stepsEnded >= limits.stepsMax) {
    const steps = turn.stepsEnded === 1 ? "1 step" : `${turn.stepsEnded} steps`
    return spent("steps", `Stopped after ${steps}, the limit of this turn.`)
  }
  if (limits.tokensMax !== undefined && tokens + view.contextTokens > limits.tokensMax) {
    return spent("tokens", `The next request would pass the limit of ${limits.tokensMax} tokens (${tokens} used).`)
  }
  if (limits.microUsdMax !== undefined && microUsd >= limits.microUsdMax) {
    return spent("money", `The turn's budget of ${usd(limits.microUsdMax)} is spent (${usd(microUsd)}).`)
  }
  if (view.overBudget !== undefined) return spent("money", view.overBudget)
  return undefined
}

function ask(view: TurnView): Next {
  const { turn, contextTokens, triggerTokens } = view
  const isFull = triggerTokens !== undefined && contextTokens > triggerTokens
  // Once a step: what one compaction could not make fit, the next before any answer would not either.
  if (isFull && turn.compactions === 0 && view.isWorthCompacting) return { kind: "compact", cause: "auto" }
  return { kind: "ask", step: turn.stepsEnded + 1, attempt: turn.failures + 1 }
}

function spent(reason: "steps" | "tokens" | "money", message: string): Next {
  return end({ kind: "exhausted", reason, message })
}

function end(outcome: TurnOutcome): Next {
  return { kind: "end", outcome }
}
