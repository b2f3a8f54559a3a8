import { isWithin, type Workspace } from "@skein/protocol"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"

/** Whether who works in this folder works in none of the session's: in a worktree of its own. */
export function isApartFrom(state: SessionState, { path }: Pick<Workspace, "path">): boolean {
  return !rootsOf(state).some((root) => isWithin(path, root))
}
