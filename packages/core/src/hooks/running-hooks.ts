import {
  type DurableDraft,
  type HookRunRecord,
  hookAnswerOf,
  type LiveDraft,
  type SessionId,
  SkeinError,
  type TurnId,
} from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import { orLeave } from "../calls/leave.ts"
import type { ClockPort, HookDetail, HookEvent, HookOutcome, HookPoint, Hooks } from "../ports/index.ts"
import { modelNow } from "../transcript/model.ts"
import type { SessionState } from "../transcript/state.ts"
import type { ClientQuestion } from "../turn/ports.ts"
import { effectOf } from "./effect.ts"
import { boundedOutcome, joined, NOTHING_SAID, outcomeOfAnswer } from "./outcome.ts"
import type { RunOptions, TurnHooks } from "./turn-hooks.ts"

export interface HooksParts {
  readonly state: SessionState
  /** Those of the session's place, as they were when this was made. */
  readonly hooks: Hooks | undefined
  readonly turnId: TurnId | undefined
  /** Ends them all. */
  readonly signal: AbortSignal
  readonly clock: ClockPort
  /** Where a session's log lies, if it is kept. */
  readonly fileOf?: ((sessionId: SessionId) => string | undefined) | undefined
  /** Whether a client offered to be asked as a hook. */
  isClientAsked(): boolean
  askClient(question: ClientQuestion): Promise<unknown>
  emit(drafts: readonly DurableDraft[]): Promise<void>
  tell(draft: LiveDraft): void
  /** Runs it beside the turn, which does not wait. */
  beside(work: (signal: AbortSignal) => Promise<unknown>): void
  readonly onDefect: (error: unknown) => void
}

/** How long a client has that is asked as a hook: what a hook of a file may take. One that is gone is not waited for. */
const CLIENT_DEADLINE_MS = 600_000
/** After so long those who watch are told what is waited for. */
const SLOW_MS = 1_000
const OVER = "over"
/** It stands in one line. */
const STATUS_CHARS_MAX = 200

/** See `TurnHooks`. */
export class RunningHooks implements TurnHooks {
  readonly #parts: HooksParts
  /** Whose failure was told in this turn. */
  readonly #told = new Set<string>()

  constructor(parts: HooksParts) {
    this.#parts = parts
  }

  has(event: HookEvent): boolean {
    return this.#parts.hooks?.has(event) === true || this.#parts.isClientAsked()
  }

  async run(detail: HookDetail, options: RunOptions = {}): Promise<HookOutcome> {
    const { signal = this.#parts.signal } = options
    if (signal.aborted || !this.has(detail.event)) return NOTHING_SAID
    const point = this.#point(detail)
    const over = new AbortController()
    this.#tellSlow(point, options, over.signal)
    const outcomes = await Promise.all([this.#ofPort(point, signal), this.#ofClient(point, signal)])
    over.abort(OVER)
    if (signal.aborted) return NOTHING_SAID
    const outcome = boundedOutcome(joined(outcomes))
    await this.#parts.emit([...this.#record(detail.event, outcome, options), ...(options.drafts?.(outcome) ?? [])])
    return outcome
  }

  observe(detail: HookDetail): void {
    if (!this.has(detail.event)) return
    this.#parts.beside((signal) => this.run(detail, { signal }))
  }

  #point(detail: HookDetail): HookPoint {
    const { state, turnId, fileOf } = this.#parts
    const { agent, parent, workspace } = state.created
    // A person knows a child's work by the session that they have.
    const sessionId = agent === undefined ? state.sessionId : (parent?.sessionId ?? state.sessionId)
    return {
      ...{ ...detail, sessionId, transcriptPath: fileOf?.(sessionId) },
      ...(agent === undefined ? {} : { agentTranscriptPath: fileOf?.(state.sessionId) }),
      cwd: workspace.path,
      mode: state.settings.mode,
      model: modelNow(state),
      turnId,
      agent: agent && { id: state.sessionId, name: agent.name },
    }
  }

  async #ofPort(point: HookPoint, signal: AbortSignal): Promise<HookOutcome> {
    const { hooks, clock, onDefect } = this.#parts
    if (hooks?.has(point.event) !== true) return NOTHING_SAID
    try {
      return await orLeave(hooks.run(point, signal), signal, clock)
    } catch (error) {
      if (signal.aborted) return NOTHING_SAID
      // It promised not to: whatever broke, the turn goes on.
      onDefect(error)
      const message = error instanceof Error ? error.message : String(error)
      return { messages: [], ran: [{ hook: "hooks", file: "", outcome: "failed", message, durationMs: 0 }] }
    }
  }

  async #ofClient(point: HookPoint, signal: AbortSignal): Promise<HookOutcome> {
    const { clock, askClient, isClientAsked } = this.#parts
    if (!isClientAsked()) return NOTHING_SAID
    const from = clock.now()
    const ran = () => ({ hook: "client", file: "", durationMs: clock.now() - from })
    try {
      const said = await askClient({ kind: "hook", payload: point, deadlineMs: CLIENT_DEADLINE_MS, signal })
      const answer = hookAnswerOf(said)
      if (answer !== undefined) return outcomeOfAnswer(answer, ran())
      return { messages: [], ran: [{ ...ran(), outcome: "failed", message: "Its answer is none of a hook's." }] }
    } catch (error) {
      if (signal.aborted) return NOTHING_SAID
      if (!(error instanceof SkeinError)) throw error
      const outcome = error.code === "client.deadline" ? "timed_out" : "failed"
      return { messages: [], ran: [{ ...ran(), outcome, message: error.message }] }
    }
  }

  #tellSlow(point: HookPoint, { callId }: RunOptions, over: AbortSignal): void {
    const { clock, tell, turnId, hooks } = this.#parts
    const about = { ...(turnId === undefined ? {} : { turnId }), ...(callId === undefined ? {} : { callId }) }
    clock.sleep(SLOW_MS, over).then(
      () => {
        if (over.aborted) return
        const said = hooks?.statusOf?.(point)
        const message = said === undefined ? {} : { message: cut(said.replace(/\s+/g, " "), STATUS_CHARS_MAX) }
        tell({ type: "hook.started", event: point.event, ...about, ...message })
      },
      () => undefined,
    )
  }

  #record(event: HookEvent, outcome: HookOutcome, options: RunOptions): DurableDraft[] {
    const { turnId } = this.#parts
    const { callId, inputId } = options
    const effect = options.effectOf === undefined ? effectOf(event, outcome) : options.effectOf(outcome)
    const runs = outcome.ran.map((run): HookRunRecord => run)
    if (runs.length === 0 && effect === undefined && inputId === undefined && outcome.messages.length === 0) return []
    const about = { turnId, callId, inputId }
    return [{ type: "hook.ran", event, ...about, runs, ...effect }, ...this.#notices(event, outcome)]
  }

  #notices(event: HookEvent, { messages, ran }: HookOutcome): DurableDraft[] {
    const failures = ran.flatMap((run) => {
      const isFailure = run.outcome === "failed" || run.outcome === "timed_out"
      const key = `${run.file}\0${run.hook}`
      if (!isFailure || this.#told.has(key)) return []
      this.#told.add(key)
      return [noticeOf("warning", failureText(event, run))]
    })
    return [...messages.map((text) => noticeOf("info", text)), ...failures]
  }
}

function noticeOf(level: "info" | "warning", text: string): DurableDraft {
  return { type: "notice.posted", level, text, code: "hook" }
}

function failureText(event: HookEvent, { hook, file, outcome, message, durationMs }: HookRunRecord): string {
  const where = file === "" ? "" : ` of ${file}`
  const what = outcome === "timed_out" ? `took longer than it may (${durationMs} ms)` : "failed"
  const why = message === undefined || message === "" ? "" : `: ${message.replace(/\.$/, "")}`
  return `The hook ${hook}${where} ${what} at ${event}${why}. It counts as saying nothing.`
}
