import {
  type Event,
  isDurable,
  type LiveDraft,
  type Op,
  type Receipt,
  type SessionId,
  SkeinError,
  type TurnOutcome,
} from "@skein/protocol"
import type { AgentResult, ClockPort } from "../ports/index.ts"
import type { Child, Owner } from "./kin.ts"
import { MirroredQuestions, type MirrorPorts } from "./mirror.ts"
import { Tally } from "./tally.ts"

/** What one run of a child is for its parent. */
export interface Run {
  readonly sessionId: SessionId
  readonly agent: string
  readonly description: string
  readonly isBackground: boolean
  readonly owner: Owner
  readonly timeoutMs: number
}

export interface RunPorts extends MirrorPorts {
  readonly clock: ClockPort
  tell(draft: LiveDraft): void
  /** Into the parent's log. Never rejects. */
  ended(run: RunningChild, result: AgentResult): Promise<void>
}

export type RunStatus = "queued" | "running" | "waiting" | "ended"

/** Whoever promised to stop at an interrupt is given this long before it counts as ended. */
const STOP_GRACE_MS = 2_000

/** One child at work: from the wait for a place to the one end of its run. */
export class RunningChild {
  readonly run: Run
  readonly done: Promise<AgentResult>
  readonly tally = new Tally()
  readonly startedAt: number
  status: RunStatus = "queued"
  /** Its start is in the parent's log, so its end has to be. */
  isAnnounced = false
  readonly #ports: RunPorts
  readonly #resolve: (result: AgentResult) => void
  readonly #over = new AbortController()
  #child: Child | undefined
  #mirror: MirroredQuestions | undefined
  #unwatch: () => void = () => undefined
  #isStopping = false

  constructor(run: Run, ports: RunPorts) {
    this.run = run
    this.#ports = ports
    this.startedAt = ports.clock.now()
    const { promise, resolve } = Promise.withResolvers<AgentResult>()
    this.done = promise
    this.#resolve = resolve
    this.update()
  }

  /** From here on its events are seen, what it asks is asked in its parent, and its time runs. */
  begin(child: Child): void {
    this.#child = child
    this.#mirror = new MirroredQuestions(this.run, child, this.#ports)
    child.keep(true)
    this.#unwatch = child.watch({ onEvent: (event) => this.#note(event), onEnd: (error) => this.#lost(error) })
    this.status = "running"
    this.update()
    this.#ports.clock.sleep(this.run.timeoutMs, this.#over.signal).then(
      () => void this.stop(`Stopped after ${minutesText(this.run.timeoutMs)}, its limit of time.`),
      () => undefined,
    )
  }

  get child(): Child | undefined {
    return this.#child
  }

  /** Whether something it asked waits for a person. */
  get isAsking(): boolean {
    return this.#mirror?.isOpen === true
  }

  answer(op: Op<"approval.answer">): Promise<Receipt> | undefined {
    return this.#mirror?.answer(op)
  }

  update(): void {
    const { status, tally } = this
    if (status === "ended") return
    const { sessionId: childSessionId, agent, description } = this.run
    const { doing, steps, tokens, microUsd } = tally
    const told = { childSessionId, agent, description, status, doing, steps, tokens, microUsd }
    this.#ports.tell({ type: "subagent.updated", ...told })
  }

  /** Interrupts it, and waits until it has ended; not for ever. */
  async stop(why: string | SkeinError): Promise<AgentResult> {
    const reason = typeof why === "string" ? new SkeinError("agent.stopped", why) : why
    if (this.status === "ended" || this.#isStopping) return this.done
    this.#isStopping = true
    const message = reason.message
    if (this.#child === undefined) {
      await this.end({ kind: "interrupted", message })
      return this.done
    }
    void this.#child.interrupt(reason).catch((error: unknown) => this.#lost(error))
    this.#ports.clock.sleep(STOP_GRACE_MS, this.#over.signal).then(
      () => void this.end({ kind: "interrupted", message }),
      () => undefined,
    )
    return this.done
  }

  /** The one end of the run. */
  async end(outcome: TurnOutcome): Promise<void> {
    if (this.status === "ended") return
    this.status = "ended"
    this.#unwatch()
    this.#over.abort(OVER)
    this.#child?.keep(false)
    this.#mirror?.withdraw()
    const result = this.#result(outcome)
    await this.#ports.ended(this, result)
    this.#resolve(result)
  }

  #result(outcome: TurnOutcome): AgentResult {
    const { text, steps, microUsd, changedPaths } = this.tally
    const durationMs = this.#ports.clock.now() - this.startedAt
    return { sessionId: this.run.sessionId, outcome, text, steps, microUsd, durationMs, changedPaths }
  }

  #note(event: Event): void {
    if (!isDurable(event)) {
      if (event.type === "session.status") this.#turnTo(event.status)
      return
    }
    this.tally.take(event)
    this.#mirror?.take(event)
    if (event.type === "turn.ended") return this.#turnOver(event.outcome)
    if (event.type === "call.requested" || event.type === "step.ended") this.update()
  }

  /** What was said to it too late for its turn is its next one, and still this run. */
  #turnOver(outcome: TurnOutcome): void {
    const goesOn = outcome.kind !== "interrupted" && (this.#child?.state.queue.length ?? 0) > 0
    if (!goesOn) void this.end(outcome)
  }

  #turnTo(status: "idle" | "running" | "waiting"): void {
    if (status === "idle" || this.status === status || this.status === "ended") return
    this.status = status
    this.update()
  }

  /** Its session can say no more: what it said until then is what there is. */
  #lost(error: unknown): void {
    const message = error instanceof Error ? error.message : "Its session was closed."
    const code = error instanceof SkeinError ? error.code : "session.closed"
    void this.end({ kind: "failed", code, message })
  }
}

/** Given, because the platform's own reason is an error with a stack. */
const OVER = "over"

export function minutesText(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1_000)} seconds`
  return minutes === 1 ? "1 minute" : `${minutes} minutes`
}
