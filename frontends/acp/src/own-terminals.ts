import type { EventOf } from "@skein/protocol"
import { callMoved, callReported, callSettled, terminalContent } from "./calls.ts"
import { type Feed, fed, lastOf, NOTHING_FED } from "./feed.ts"
import type { Json } from "./rpc.ts"

/**
 * Commands that skein runs itself, in its sandbox, as an editor shows its own: as terminals. The protocol has no word for that;
 * editors and agents have in common that a client says `_meta.terminal_output` of itself, and is then told of a terminal by
 * `terminal_info`, of what it says by `terminal_output`, and of its end by `terminal_exit`.
 */
export class OwnTerminals {
  readonly #cwd: string
  readonly #fed = new Map<string, Feed>()

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  has(callId: string): boolean {
    return this.#fed.has(callId)
  }

  /** The call with its terminal, in which nothing is yet. */
  reported(call: EventOf<"call.requested">): Json {
    const { callId } = call
    this.#fed.set(callId, NOTHING_FED)
    const _meta = { terminal_info: { terminal_id: callId, cwd: this.#cwd } }
    return { ...callReported(call), content: [terminalContent(callId)], _meta }
  }

  /** A question may have shown something else in its place. */
  started(callId: string): Json {
    return { ...callMoved(callId, "executing"), content: [terminalContent(callId)] }
  }

  /** What it said since it was last told. */
  progressed({ callId, preview }: EventOf<"call.progress">): readonly Json[] {
    const { feed, more } = fed(this.#fed.get(callId) ?? NOTHING_FED, preview)
    this.#fed.set(callId, feed)
    return more === "" ? [] : [{ sessionUpdate: "tool_call_update", toolCallId: callId, _meta: outputOf(callId, more) }]
  }

  /** Another kind of result stands in the place of the terminal. */
  settled(settled: EventOf<"call.settled">): Json {
    const { callId, forHuman, exitCode } = settled
    const feed = this.#fed.get(callId) ?? NOTHING_FED
    this.#fed.delete(callId)
    const shown = callSettled(settled)
    if (forHuman?.kind !== "command") return shown
    const more = lastOf(feed, forHuman.body)
    const exit = { terminal_exit: { terminal_id: callId, exit_code: exitCode ?? null, signal: null } }
    const _meta = { ...(more === "" ? {} : outputOf(callId, more)), ...exit }
    return { ...shown, content: [terminalContent(callId)], _meta }
  }
}

function outputOf(callId: string, data: string): Json {
  return { terminal_output: { terminal_id: callId, data } }
}
