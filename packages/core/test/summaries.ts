import type { ModelInfo } from "@skein/protocol"
import { type Scripted, scriptedModelWith } from "@skein/testkit"
import type { ModelPort, ModelRequest } from "../src/ports/index.ts"

/** Whether a request asks for a summary and is no step. */
export function isSummary({ system, tools }: ModelRequest): boolean {
  return tools.length === 0 && system[0]?.startsWith("You write the summary") === true
}

/** A model with one script for its steps and one for the summaries it is asked for. */
export function withSummaries(facts: Partial<ModelInfo>, steps: readonly Scripted[], summaries: readonly Scripted[]) {
  const model = scriptedModelWith(facts, ...steps)
  const summariser = scriptedModelWith(facts, ...summaries)
  const stream: ModelPort["stream"] = (request, signal) =>
    (isSummary(request) ? summariser : model).stream(request, signal)
  return { ...model, stream, requests: model.requests, summaryRequests: summariser.requests }
}
