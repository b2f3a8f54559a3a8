import { type CodePort, type CodeQuery, type PlanContext, ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"

/** Throws ToolFailure where nothing is known of code but its text. */
export function codeOf({ code }: ToolWorld): CodePort {
  if (code === undefined) throw new ToolFailure("No language servers are to be had here.")
  return code
}

export function queryOf({ roots, signal }: PlanContext): CodeQuery {
  return { roots, signal }
}
