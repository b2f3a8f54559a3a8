import type { ModelRequest, ToolsPort } from "../ports/index.ts"
import { modelNow } from "../transcript/model.ts"
import type { SessionState } from "../transcript/state.ts"
import { buildMessages } from "./messages.ts"
import { toolsFor } from "./tool-filter.ts"

/** The next request: a function of the log and the tools, and of nothing else. */
export function buildRequest(state: SessionState, tools: ToolsPort): ModelRequest {
  const { effort, verbosity, outputSchema } = state.settings
  return {
    model: modelNow(state),
    system: state.system.map((section) => section.text),
    messages: buildMessages(state.items),
    tools: toolsFor(state, tools),
    effort,
    ...(verbosity === undefined ? {} : { verbosity }),
    outputSchema,
    ...windowGiven(state),
    cacheKey: state.sessionId,
  }
}

/** Only for the model that it was said of. */
function windowGiven(state: SessionState): Pick<ModelRequest, "contextTokens"> {
  const { window } = state.settings
  return window?.model === modelNow(state) ? { contextTokens: window.tokens } : {}
}
