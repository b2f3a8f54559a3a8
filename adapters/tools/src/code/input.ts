import type { RunContext, ToolResult } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"

export const ACTIONS = [
  "hover",
  "definition",
  "type_definition",
  "references",
  "implementation",
  "symbols",
  "workspace_symbols",
  "rename",
  "status",
] as const

export interface LspInput {
  readonly action: (typeof ACTIONS)[number]
  readonly path?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly symbol?: string | undefined
  readonly query?: string | undefined
  readonly newName?: string | undefined
}

/** What was planned, to be done. */
export type Ask = (world: ToolWorld, context: RunContext) => Promise<ToolResult>
