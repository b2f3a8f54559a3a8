import type { ToolOffer, ToolSpec, ToolsPort } from "@skein/core/ports"
import { ESSENTIAL } from "./at-hand.ts"
import { CALL_TOOL, CALL_TOOL_SCHEMA, callToolDescription } from "./call-tool.ts"
import type { ToolRow } from "./define.ts"

/**
 * What a request tells of the tools: those of every session in full, the others as a line each of the tool that calls them by
 * name. The same offer gives the same objects.
 */
export function offering(
  definitions: readonly ToolRow[],
  specs: () => readonly ToolSpec[],
  isAllInFull: boolean,
): ToolsPort["offered"] {
  const kept = new Map<string, readonly ToolSpec[]>()

  function offered({ profile, allows, isChosen = false }: ToolOffer): readonly ToolSpec[] {
    const allowed = definitions.filter(({ name }) => allows(name))
    const isInFull = ({ name, summary }: ToolRow) =>
      profile === "compact" ? ESSENTIAL.has(name) : summary === undefined || isAllInFull || isChosen
    const inFull = new Set(allowed.filter(isInFull).map(({ name }) => name))
    const byName = profile === "compact" ? [] : allowed.filter(({ name }) => !inFull.has(name))
    const full = specs().filter(({ name }) => inFull.has(name))
    return byName.length === 0 || !allows(CALL_TOOL) ? full : [...full, callTool(byName)]
  }

  return (offer) => {
    const { profile, allows, isChosen } = offer
    const key = JSON.stringify([profile, isChosen, definitions.map(({ name }) => allows(name)), allows(CALL_TOOL)])
    const known = kept.get(key) ?? offered(offer)
    kept.set(key, known)
    return known
  }
}

function callTool(tools: readonly ToolRow[]): ToolSpec {
  return { name: CALL_TOOL, description: callToolDescription(tools), inputSchema: CALL_TOOL_SCHEMA }
}
