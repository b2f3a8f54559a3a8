import type { SessionState } from "./state.ts"

/** Folders a tool may work in: the workspace first, then those the person added. */
export function rootsOf(state: SessionState): string[] {
  return [state.created.workspace.path, ...state.settings.extraRoots]
}
