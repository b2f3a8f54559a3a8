import type { PlanContext } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import type { Place } from "./place.ts"

/**
 * What a model has to know of a path below `/tmp` outside of the workspace: confined commands have another one there.
 * Empty for any other path, and where commands are not confined.
 */
export async function tmpNote(place: Place, { exec }: ToolWorld, { sandbox }: PlanContext): Promise<string> {
  if (!place.path.startsWith("/tmp/") || place.isInside) return ""
  if ((await exec.confinement(sandbox)).kind !== "confined") return ""
  return " bash has a /tmp of its own that no other tool sees: to share a file with it, use the workspace."
}
