import { type SessionId, SkeinError } from "@skein/protocol"
import { rulesForChildren } from "../approval/standing.ts"
import type { EnginePorts } from "../session/ports.ts"
import { fold } from "../transcript/fold.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { Above } from "./kin.ts"

/** What a parent that is not open says by its log: its rules hold for the child all the same. Undefined where it is gone. */
export async function absentParent(
  sessionId: SessionId,
  { logs, rulesFor }: Pick<EnginePorts, "logs" | "rulesFor">,
): Promise<Above | undefined> {
  try {
    const state = fold(await logs.read(sessionId))
    return {
      rules: () => [...rulesFor(state.created.workspace.path), ...rulesForChildren(state)],
      settings: () => state.settings,
      roots: () => rootsOf(state),
    }
  } catch (error) {
    if (error instanceof SkeinError && error.code === "session.not_found") return undefined
    throw error
  }
}
