import type { CallId, DurableDraft, InputId } from "@skein/protocol"
import type { HookDetail, HookEvent, HookOutcome } from "../ports/index.ts"
import type { Effect } from "./effect.ts"

/** The hooks of one turn: run, put on record with what they came to, and told where a person should know. */
export interface TurnHooks {
  /** Whether anything is run at a point. Cheap: it stands on the way of every call. */
  has(event: HookEvent): boolean
  /** Runs all at a point. Says nothing where the signal aborts first; rejects only where the log cannot be written. */
  run(detail: HookDetail, options?: RunOptions): Promise<HookOutcome>
  /** Runs them without being waited for: at points at which nothing they say changes anything. */
  observe(detail: HookDetail): void
}

export interface RunOptions {
  readonly callId?: CallId | undefined
  /** What the point is about, where it is a prompt. */
  readonly inputId?: InputId | undefined
  /** In the place of the turn's. */
  readonly signal?: AbortSignal | undefined
  /** In the place of what the outcome means by itself. */
  readonly effectOf?: ((outcome: HookOutcome) => Effect | undefined) | undefined
  /** What comes of it, in the log at once with its having been run. */
  readonly drafts?: ((outcome: HookOutcome) => readonly DurableDraft[]) | undefined
}
