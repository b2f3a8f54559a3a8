import type { CallId, EventOf, SessionId } from "@skein/protocol"
import { text } from "./calls.ts"
import type { Json } from "./rpc.ts"
import { fenced, oneLine } from "./text.ts"

const LINE_CHARS_MAX = 160

/** What sub-agents do, shown in the call that began them: a line for each, with its name. ACP has no words for more. */
export class Children {
  readonly #calls = new Map<SessionId, CallId>()
  readonly #lines = new Map<CallId, Map<SessionId, string>>()

  started({ childSessionId, callId, agent, description }: EventOf<"subagent.started">): readonly Json[] {
    if (callId === undefined) return []
    this.#calls.set(childSessionId, callId)
    return this.#told(childSessionId, `${agent}: ${description}`)
  }

  updated({ childSessionId, agent, status, doing, description, steps }: EventOf<"subagent.updated">): readonly Json[] {
    if (status === "queued") return []
    const what = status === "waiting" ? "waits for an answer" : doing === "" ? description : doing
    return this.#told(childSessionId, `${agent}: ${what}${steps > 0 ? ` (step ${steps})` : ""}`)
  }

  ended({ childSessionId, agent, outcome }: EventOf<"subagent.ended">): readonly Json[] {
    const told = this.#told(childSessionId, `${agent}: ${outcome.kind}`)
    this.#calls.delete(childSessionId)
    return told
  }

  /** The call's own result takes the place of the lines; what goes on beside it is told no more. */
  settled(callId: CallId): void {
    for (const child of this.#lines.get(callId)?.keys() ?? []) this.#calls.delete(child)
    this.#lines.delete(callId)
  }

  #told(child: SessionId, line: string): readonly Json[] {
    const callId = this.#calls.get(child)
    if (callId === undefined) return []
    const lines = this.#lines.get(callId) ?? new Map<SessionId, string>()
    this.#lines.set(callId, lines.set(child, oneLine(line, LINE_CHARS_MAX)))
    const content = [text(fenced([...lines.values()].join("\n")))]
    return [{ sessionUpdate: "tool_call_update", toolCallId: callId, content }]
  }
}
