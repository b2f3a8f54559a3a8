import type { CallLabel, CapabilityProvider, Place, ToolFacts, ToolOffer, ToolSpec } from "@skein/core/ports"
import { askedBy, Bridge } from "./bridge.ts"
import { Calls, toolNamed } from "./calls.ts"
import { firstWords, type KnownTool, PREFIX } from "./definitions.ts"
import type { McpOptions } from "./options.ts"
import { startRequired } from "./required.ts"
import type { PlaceState, Servers } from "./servers.ts"
import { factsOf, MCP_TOOL, mcpFacts, specOf } from "./telling.ts"

/** The tools of MCP servers for a model. What is told of them changes when a turn begins, and never within one. */
export function mcpProvider(servers: Servers, options: McpOptions): CapabilityProvider {
  const calls = new Calls(servers, options)
  const bridge = new Bridge(calls, options)
  const stateOf = async (place: Place): Promise<PlaceState> => servers.now(place) ?? (await servers.look(place))
  return {
    id: "mcp",
    async refresh(place) {
      await startRequired(servers, await servers.look(place))
    },
    discover: (place) => factsIn(servers.now(place)),
    offered: (offer, place) => offeredIn(servers.now(place), offer),
    owns: (name) => name === MCP_TOOL || name.startsWith(PREFIX),
    ready: async (_, place) => void (await stateOf(place)),
    describe: (name, input, cwd) => labelOf(name, input, servers.inFolder(cwd)),
    async plan(name, input, context) {
      const state = await stateOf({ cwd: context.cwd, sessionId: context.sessionId })
      return name === MCP_TOOL ? bridge.plan(input, state, context) : calls.plan(name, input, state, context)
    },
    run: (plan, context) => (plan.name === MCP_TOOL ? bridge.run(plan, context) : calls.run(plan, context)),
    watch: (onChanged) => servers.onChanged(onChanged),
  }
}

function factsIn(state: PlaceState | undefined): readonly ToolFacts[] {
  if (state === undefined) return []
  const tools = state.rows.filter(({ standing }) => standing === "usable").flatMap((row) => row.tools)
  return [...mcpFacts(state.told.specs), ...tools.map((tool) => factsOf(specOf(tool), tool.isReadOnlyHinted))]
}

/** A session that says itself which tools it leaves gets those in full, whatever they cost. */
function offeredIn(state: PlaceState | undefined, { allows, isChosen }: ToolOffer): readonly ToolSpec[] {
  if (state === undefined) return []
  if (isChosen !== true) return state.told.specs.filter(({ name }) => allows(name))
  const facts = factsIn(state).filter(({ name }) => allows(name))
  const chosen = facts.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
  return sameAs(state, chosen)
}

/** The same objects as long as they say the same: what a request tells is compared by them. */
const chosenBefore = new WeakMap<PlaceState, readonly ToolSpec[]>()

function sameAs(state: PlaceState, specs: readonly ToolSpec[]): readonly ToolSpec[] {
  const before = chosenBefore.get(state)
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(specs)) return before
  chosenBefore.set(state, specs)
  return specs
}

function labelOf(name: string, input: unknown, state: PlaceState | undefined): CallLabel {
  const asked = name === MCP_TOOL ? askedBy(input) : undefined
  if (asked !== undefined && asked.kind !== "call") {
    const what = asked.kind === "search" ? asked.words : "server" in asked ? asked.server : ""
    return { tool: MCP_TOOL, title: firstWords(`MCP ${asked.kind} ${what}`, 200), kind: "other", locations: [] }
  }
  const wanted = asked?.kind === "call" ? asked.tool : name
  const tool = known(wanted, state)
  const title = tool === undefined ? wanted : `${tool.group}: ${tool.title}`
  return { tool: tool?.callName ?? wanted, title: firstWords(title, 200), kind: "other", locations: [] }
}

function known(name: string, state: PlaceState | undefined): KnownTool | undefined {
  if (state === undefined) return undefined
  try {
    return toolNamed(name, state).tool
  } catch (_said) {
    // Planning it says why; here it is only named.
    return undefined
  }
}
