import type { Json } from "@skein/protocol/json"
import { callOf, type Dialect } from "./dialect.ts"
import { agentOf, commonOf, detailOf, subjectOf } from "./facts.ts"
import { claudeMatches, matcherFlaw } from "./match.ts"

const SECONDS_DEFAULT = 60

/** skein's own files: the same fields, with skein's own names of tools, inputs and modes. */
export const skein: Dialect = {
  title: "skein",
  timeoutMs: (_event, seconds) => Math.round((seconds ?? SECONDS_DEFAULT) * 1_000),
  matcherFlaw,
  matches: claudeMatches,
  subjects(point) {
    const subject = callOf(point)?.toolName ?? subjectOf(point)
    return subject === undefined ? [] : [subject]
  },
  payloads(point) {
    const call = callOf(point)
    const agent = agentOf(point)
    const common: Json = {
      ...commonOf(point, point.mode),
      model: point.model,
      ...(point.turnId === undefined ? {} : { turn_id: point.turnId }),
      ...(agent === undefined ? {} : { agent_id: agent.id, agent_type: agent.name }),
    }
    if (call === undefined) return [{ ...common, ...detailOf(point) }]
    const response = point.event === "PostToolUse" ? { tool_response: point.output } : {}
    const words = { tool_name: call.toolName, tool_input: call.input, tool_use_id: call.callId }
    return [{ ...common, ...words, ...response, ...detailOf(point) }]
  },
  inputOf: (_point, words) => ({ kind: "input", input: words }),
}
