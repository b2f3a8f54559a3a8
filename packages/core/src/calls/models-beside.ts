import type { RunContext } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"

/** How a call asks models beside the conversation. What does it is loaded when it is first used. */
export function modelsBeside(state: SessionState, ports: TurnPorts): Pick<RunContext, "lookAt" | "askModel"> {
  return {
    lookAt: async (content, question) => (await import("../turn/look-at.ts")).lookAt(state, ports, content, question),
    askModel: async (question) => (await import("./ask-model.ts")).askModel(question, state, ports),
  }
}
