import { nameMatches } from "@skein/protocol"
import type { ModelRequest, ToolSpec, ToolsPort } from "../ports/index.ts"
import { effortNow, modelNow } from "../transcript/model.ts"
import { placeOf } from "../transcript/place.ts"
import type { SessionState } from "../transcript/state.ts"
import { buildMessages } from "./messages.ts"

/** The next request: a function of the log and the tools, and of nothing else. */
export function buildRequest(state: SessionState, tools: ToolsPort): ModelRequest {
  const { verbosity, outputSchema } = state.settings
  return {
    model: modelNow(state),
    system: state.system.map((section) => section.text),
    messages: buildMessages(state.items),
    tools: toolsFor(state, tools),
    effort: effortNow(state),
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

/** The tools the session's settings leave to the model, in the registry's order. */
export function toolsFor(state: SessionState, tools: ToolsPort): readonly ToolSpec[] {
  const isChosen = state.settings.tools !== undefined
  const profile = isChosen ? undefined : state.profile
  return tools.offered({ place: placeOf(state), profile, allows: allowedBy(state), isChosen })
}

/** Whether the session leaves a tool to its model. */
export function allowedBy({ settings }: Pick<SessionState, "settings">): (name: string) => boolean {
  const { tools, toolsDenied = [] } = settings
  const isAmong = (patterns: readonly string[], name: string) => patterns.some((each) => nameMatches(each, name))
  return (name) => (tools === undefined || isAmong(tools, name)) && !isAmong(toolsDenied, name)
}
