import type { ToolFacts, ToolOffer, ToolSpec, ToolsPort } from "@skein/core/ports"
import { ESSENTIAL } from "./at-hand.ts"
import { CALL_TOOL, CALL_TOOL_SCHEMA, callToolDescription } from "./call-tool.ts"
import type { Provided } from "./provided.ts"

/** How a tool is told of. */
type Row = Pick<ToolFacts, "name" | "summary">

/**
 * What a request tells of the tools: those of every session in full, the others as a line each of the tool that calls them by
 * name, behind them what providers tell of theirs. The same offer gives the same objects, as long as providers have the same.
 */
export function offering(
  definitions: readonly Row[],
  specs: () => readonly ToolSpec[],
  provided: Provided,
  isAllInFull: boolean,
): ToolsPort["offered"] {
  const kept = new Map<string, Kept>()

  function told({ profile, allows, isChosen = false }: ToolOffer, others: readonly ToolFacts[]): readonly ToolSpec[] {
    const allowed = [...definitions, ...others].filter(({ name }) => allows(name))
    const isInFull = ({ name, summary }: Row) =>
      profile === "compact" ? ESSENTIAL.has(name) : summary === undefined || isAllInFull || isChosen
    const inFull = new Set(allowed.filter(isInFull).map(({ name }) => name))
    const byName = profile === "compact" ? [] : allowed.filter(({ name }) => !inFull.has(name))
    const full = [...specs(), ...others.map(specOf)].filter(({ name }) => inFull.has(name))
    return byName.length === 0 || !allows(CALL_TOOL) ? full : [...full, callTool(byName)]
  }

  return (offer) => {
    const { profile, allows, isChosen } = offer
    const { rows, specs: theirs } = provided.offered(offer)
    const names = [...definitions, ...rows].map(({ name }) => allows(name))
    const key = JSON.stringify([offer.place?.cwd, profile, isChosen, names, allows(CALL_TOOL)])
    const known = kept.get(key)
    if (known !== undefined && isSame(known.rows, rows) && isSame(known.theirs, theirs)) return known.told
    const all = [...told(offer, rows), ...theirs]
    kept.set(key, { rows, theirs, told: all })
    return all
  }
}

interface Kept {
  readonly rows: readonly ToolFacts[]
  readonly theirs: readonly ToolSpec[]
  readonly told: readonly ToolSpec[]
}

function isSame(before: readonly object[], now: readonly object[]): boolean {
  return before.length === now.length && before.every((one, at) => one === now[at])
}

function specOf({ name, description, inputSchema }: ToolFacts): ToolSpec {
  return { name, description, inputSchema }
}

function callTool(tools: readonly Row[]): ToolSpec {
  return { name: CALL_TOOL, description: callToolDescription(tools), inputSchema: CALL_TOOL_SCHEMA }
}
