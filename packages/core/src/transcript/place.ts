import type { Place } from "../ports/index.ts"
import type { SessionState } from "./state.ts"

/** Where a session's tools, skills and hooks are looked for. */
export function placeOf({ created, sessionId }: Pick<SessionState, "created" | "sessionId">): Place {
  return { cwd: created.workspace.path, sessionId }
}
