import type { DurableDraft } from "@skein/protocol"
import { inlineSections } from "../context/load.ts"
import type { ToolResult } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"

/** Records what a tool's result changes beside it: texts that stay before the model, and permission for this turn. Gives the same result. */
export async function keepGiven(
  state: SessionState,
  result: ToolResult,
  { emit, tokens }: Pick<TurnPorts, "emit" | "tokens">,
): Promise<ToolResult> {
  const { sections = [], forTurn } = result
  const known = new Set(inlineSections(state).map(({ sha256 }) => sha256))
  const fresh = sections
    .filter(({ sha256 }) => !known.has(sha256))
    .map((section) => ({ ...section, tokens: tokens.estimate(section.text) }))
  const loaded: DurableDraft[] =
    fresh.length === 0 ? [] : [{ type: "context.loaded", placement: "inline", cause: "touched", sections: fresh }]
  const cwd = state.created.workspace.path
  const rules = forTurn === undefined ? [] : (await import("../approval/for-turn.ts")).rulesForTurn(forTurn, cwd)
  if (loaded.length + rules.length > 0) await emit([...loaded, ...rules])
  return result
}
