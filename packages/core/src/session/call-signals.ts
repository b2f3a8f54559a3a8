import { type CallId, SkeinError } from "@skein/protocol"
import type { TurnPorts } from "../turn/ports.ts"

/** Each call's own signal: aborted with its turn's, or by itself. */
export class CallSignals {
  readonly #calls = new Map<string, AbortController>()

  /** See `TurnPorts.callSignal`. */
  of(callId: string, turn: AbortSignal): ReturnType<TurnPorts["callSignal"]> {
    const call = new AbortController()
    const follow = () => call.abort(turn.reason)
    if (turn.aborted) follow()
    turn.addEventListener("abort", follow, { once: true })
    this.#calls.set(callId, call)
    const done = () => {
      turn.removeEventListener("abort", follow)
      this.#calls.delete(callId)
    }
    return { signal: call.signal, abort: (reason: unknown) => call.abort(reason), done }
  }

  /** False when it is not running. */
  cancel(callId: CallId): boolean {
    const call = this.#calls.get(callId)
    call?.abort(new SkeinError("call.cancelled", "Cancelled."))
    return call !== undefined
  }
}
