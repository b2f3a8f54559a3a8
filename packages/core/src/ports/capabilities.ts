import type { ToolSpec } from "./model.ts"
import type { Place } from "./place.ts"
import type { CallPlan } from "./plans.ts"
import type { CallLabel, PlanContext, RunContext, ToolFacts, ToolOffer, ToolResult } from "./tools.ts"

/**
 * A way to tools beside the built-in ones: MCP servers, a person's scripts, extensions of plugins. A new protocol is one of
 * these and one line where the host registers it; permission, recording, bounds, redaction and drawing are done for all of
 * them, once. (SEMANTICS 9.1: discover, register, invoke, render; `register` is the registry's and `render` is `describe`,
 * with the `forHuman` of a result.)
 *
 * Its tools are called `<id>__<group>__<tool>` by a model, where a group is a server or a plugin.
 */
export interface CapabilityProvider {
  /** `mcp`: what its tools' names begin with. */
  readonly id: string
  /**
   * What there is, as far as it is known without starting anything: cheap, and the same until `watch` tells otherwise.
   */
  discover(place: Place): readonly ToolFacts[]
  /** What a request tells of them, where not each in full or as a row of `call_tool`, as its `summary` says. */
  offered?(offer: ToolOffer, place: Place): readonly ToolSpec[]
  /** Whether a call of this name is its. Cheap, pure. */
  owns(name: string): boolean
  /** See `ToolsPort.refresh`. */
  refresh?(place: Place): Promise<void> | undefined
  /** See `ToolsPort.ready`. */
  ready?(name: string, place: Place): Promise<void> | undefined
  /** See `ToolsPort.describe`. */
  describe(name: string, input: unknown, cwd: string): CallLabel
  /** See `ToolsPort.plan`. */
  plan(name: string, input: unknown, context: PlanContext): Promise<CallPlan>
  /** See `ToolsPort.run`. What it gives counts as foreign unless it says otherwise. */
  run(plan: CallPlan, context: RunContext): Promise<ToolResult>
  /** Tells when what `discover` says is another. Gives what ends that. */
  watch?(onChanged: () => void): () => void
}
