import type { Workspace } from "@skein/protocol"
import type { SessionState } from "./state.ts"

/** Where a path below one folder is when that folder is elsewhere; any other path stays. */
export function movedPath(path: string, from: string, to: string): string {
  if (path === from) return to
  return path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path
}

/** The session works in another folder from here on, and what is known of the old one's files holds for this one's. */
export function moveTo(state: SessionState, workspace: Workspace): void {
  const from = state.created.workspace.path
  state.created = { ...state.created, workspace }
  state.observed = new Map([...state.observed].map(([path, sha]) => [movedPath(path, from, workspace.path), sha]))
  // It tells where the session works, and is gathered anew.
  state.system = []
  state.compaction.counted = undefined
}
