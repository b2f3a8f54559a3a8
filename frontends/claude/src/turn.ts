import { addUsage, type EventOf, type ModelInfo, NO_USAGE, type TurnOutcome, type Usage } from "@skein/protocol"
import { type Json, parseObject } from "@skein/protocol/json"
import { type ModelTotal, modelUsage, resultUsage } from "./usage.ts"
import { claudeStop } from "./words.ts"

export interface AccountContext {
  readonly models: readonly ModelInfo[]
  /** The last answer must be JSON, and is given parsed. */
  readonly isStructured: boolean
}

/** What is counted from a turn's first event to its result, and over all turns of this program. */
export class TurnAccount {
  readonly #context: AccountContext
  readonly #totals = new Map<string, ModelTotal>()
  #model = ""
  #results = 0
  #turn = freshTurn(0)

  constructor(context: AccountContext) {
    this.#context = context
  }

  started(event: EventOf<"turn.started">): void {
    this.#turn = freshTurn(event.at)
  }

  /** Text of the newest answer: the result's own text, when the turn ends well. */
  said(text: string): void {
    this.#turn.text = text
  }

  stepStarted(event: EventOf<"step.started">): void {
    this.#model = event.model
    this.#turn.steps = Math.max(this.#turn.steps, event.step)
    this.#turn.text = ""
  }

  stepEnded(event: EventOf<"step.ended">): void {
    const turn = this.#turn
    this.#spend(event.usage, event.microUsd)
    turn.apiMs += event.durationMs
    turn.firstTokenMs ??= event.firstTokenMs
    turn.stop = claudeStop(event.stop)
    turn.hasRunCalls ||= event.stop === "calls"
  }

  stepDiscarded(event: EventOf<"step.discarded">): void {
    if (event.usage !== undefined) this.#spend(event.usage, event.microUsd)
  }

  #spend(more: Usage, microUsdMore = 0): void {
    const { usage, microUsd } = this.#totals.get(this.#model) ?? { usage: NO_USAGE, microUsd: 0 }
    this.#totals.set(this.#model, { usage: addUsage(usage, more), microUsd: microUsd + microUsdMore })
    this.#turn.usage = addUsage(this.#turn.usage, more)
  }

  denied(callId: string, denial: Json): void {
    this.#turn.denials.set(callId, denial)
  }

  get hasRunCalls(): boolean {
    return this.#turn.hasRunCalls
  }

  /** The result of a command that asked no model, without its envelope. */
  commanded(text: string, isRefused: boolean): Json {
    const microUsd = [...this.#totals.values()].reduce((sum, total) => sum + total.microUsd, 0)
    return {
      type: "result",
      subtype: "success",
      is_error: isRefused,
      api_error_status: null,
      result: text,
      ...NO_TURN,
      stop_reason: null,
      total_cost_usd: microUsd / 1_000_000,
      usage: resultUsage(NO_USAGE),
      modelUsage: modelUsage(this.#totals, this.#context.models),
      permission_denials: [],
      terminal_reason: "completed",
      result_index: this.#results++,
    }
  }

  /** The result line of the contract, without its envelope. */
  ended({ outcome, at }: EventOf<"turn.ended">): Json {
    const { startedAt, steps, apiMs, firstTokenMs, usage, text, stop, denials } = this.#turn
    const microUsd = [...this.#totals.values()].reduce((sum, total) => sum + total.microUsd, 0)
    return {
      type: "result",
      ...verdictOf(outcome, text, this.#context.isStructured),
      num_turns: Math.max(steps, 1),
      duration_ms: at - startedAt,
      duration_api_ms: apiMs,
      ...(firstTokenMs === undefined ? {} : { ttft_ms: firstTokenMs }),
      stop_reason: outcome.kind === "interrupted" ? null : stop,
      total_cost_usd: microUsd / 1_000_000,
      usage: resultUsage(usage),
      modelUsage: modelUsage(this.#totals, this.#context.models),
      permission_denials: [...denials.values()],
      terminal_reason: reasonOf(outcome),
      result_index: this.#results++,
    }
  }
}

/** What took no turn took no time either. */
const NO_TURN = { num_turns: 0, duration_ms: 0, duration_api_ms: 0 } as const

function freshTurn(startedAt: number) {
  return {
    startedAt,
    steps: 0,
    apiMs: 0,
    firstTokenMs: undefined as number | undefined,
    usage: NO_USAGE as Usage,
    text: "",
    stop: null as string | null,
    hasRunCalls: false,
    denials: new Map<string, Json>(),
  }
}

/**
 * A failed request of a provider counts as an answer with an error, everything else that stops a turn as an error. The
 * text is shown to the person and stands in the result alike.
 */
export function apiFailure(outcome: TurnOutcome): { readonly code: string; readonly text: string } | undefined {
  if (outcome.kind !== "failed" || !/^(provider|model)\./.test(outcome.code)) return undefined
  return { code: outcome.code, text: `API Error: ${outcome.message}` }
}

/** Words of a turn that a person stopped, as hosts know them. */
export function interruptionText(hasRunCalls: boolean): string {
  return hasRunCalls ? "[Request interrupted by user for tool use]" : "[Request interrupted by user]"
}

function verdictOf(outcome: TurnOutcome, text: string, isStructured: boolean): Json {
  const failed = apiFailure(outcome)
  if (failed) return { subtype: "success", is_error: true, api_error_status: null, result: failed.text }
  if (outcome.kind === "completed") {
    const structured = isStructured ? parseObject(text) : undefined
    if (isStructured && structured === undefined) {
      return failure("error_max_structured_output_retries", "The last answer is not a JSON object of the asked schema.")
    }
    return {
      subtype: "success",
      is_error: false,
      api_error_status: null,
      result: text,
      ...(structured === undefined ? {} : { structured_output: structured }),
    }
  }
  if (outcome.kind === "interrupted") return failure("error_during_execution", interruptionText(false))
  if (outcome.kind === "failed") return failure("error_during_execution", outcome.message)
  if (outcome.reason === "steps") return failure("error_max_turns", outcome.message)
  return failure(outcome.reason === "money" ? "error_max_budget_usd" : "error_during_execution", outcome.message)
}

/** The result of a message that never became a turn, without its envelope. */
export function refusedResult(message: string): Json {
  return {
    type: "result",
    ...failure("error_during_execution", message),
    ...NO_TURN,
    stop_reason: null,
    total_cost_usd: 0,
    usage: resultUsage(NO_USAGE),
    modelUsage: {},
    permission_denials: [],
    terminal_reason: "turn_setup_failed",
  }
}

function failure(subtype: string, message: string): Json {
  return { subtype, is_error: true, errors: [message] }
}

function reasonOf(outcome: TurnOutcome): string {
  if (apiFailure(outcome)) return "api_error"
  if (outcome.kind === "interrupted") return "aborted_streaming"
  if (outcome.kind === "exhausted") return outcome.reason === "steps" ? "max_turns" : "budget_exhausted"
  return outcome.kind === "completed" ? "completed" : "turn_setup_failed"
}
