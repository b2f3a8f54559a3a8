import { type CallId, SkeinError } from "@skein/protocol"

/** The calls of a session's running turn, each with a signal of its own. */
export class RunningCalls {
  readonly #calls = new Map<string, AbortController>()
  /** How calls that could go on beside the turn are made to. */
  readonly #movable = new Map<string, () => void>()

  /** Cancels one; false when it is not running. */
  cancel(callId: CallId): boolean {
    const call = this.#calls.get(callId)
    call?.abort(new SkeinError("call.cancelled", "Cancelled."))
    return call !== undefined
  }

  /** Makes one go on beside the turn; false when it does not run, or cannot. */
  background(callId: CallId): boolean {
    const move = this.#movable.get(callId)
    this.#movable.delete(callId)
    move?.()
    return move !== undefined
  }

  /** Nothing is taken of a call that does not run any more. */
  offerBackground(callId: string, move: () => void): void {
    if (this.#calls.has(callId)) this.#movable.set(callId, move)
  }

  /** Aborted with the turn's, or when it is cancelled. */
  signalOf(callId: string, turn: AbortSignal) {
    const call = new AbortController()
    const follow = () => call.abort(turn.reason)
    if (turn.aborted) follow()
    turn.addEventListener("abort", follow, { once: true })
    this.#calls.set(callId, call)
    const done = () => {
      turn.removeEventListener("abort", follow)
      this.#calls.delete(callId)
      this.#movable.delete(callId)
    }
    return { signal: call.signal, abort: (reason: unknown) => call.abort(reason), done }
  }
}
