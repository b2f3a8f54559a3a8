import { lazy } from "@skein/protocol"
import { AT_HAND } from "./at-hand.ts"
import { CALL_TOOL } from "./call-tool.ts"
import type { AnyTool, ToolRow } from "./define.ts"
import { ROWS } from "./rows.ts"

/** The tools of a registry, by name or alias; those that few sessions use are there as rows until one of them is called. */
export interface Shelf {
  readonly rows: readonly ToolRow[]
  row(name: string): ToolRow | undefined
  /** The tool itself, where it is at hand or has been loaded. */
  tool(name: string): AnyTool | undefined
  /** Loads what a call of this name needs; undefined: it is there. */
  ready(name: string): Promise<void> | undefined
}

/** The built-in tools, or instead of them those that are given. */
export function shelf(given?: readonly AnyTool[]): Shelf {
  const rows: readonly ToolRow[] = given ?? builtinRows()
  const known = byName(rows)
  const held = byName(given ?? AT_HAND)
  const load = lazy(async () => {
    const { BUILTINS } = await import("./builtins.ts")
    for (const [name, tool] of byName(BUILTINS)) held.set(name, tool)
  })
  const isHeld = (name: string) => (name === CALL_TOOL ? held.size === known.size : held.has(name) || !known.has(name))
  return {
    rows,
    row: (name) => known.get(name),
    tool: (name) => held.get(name),
    ready: (name) => (isHeld(name) ? undefined : load()),
  }
}

function builtinRows(): readonly ToolRow[] {
  const atHand = byName(AT_HAND)
  return ROWS.map((row) => {
    const found = typeof row === "string" ? atHand.get(row) : row
    if (found === undefined) throw new Error(`The tool ${row} is in rows.ts but not at hand: run scripts/schemas.ts`)
    return found
  })
}

function byName<T extends ToolRow>(tools: readonly T[]): Map<string, T> {
  return new Map(tools.flatMap((tool) => [tool.name, ...(tool.aliases ?? [])].map((name) => [name, tool])))
}
