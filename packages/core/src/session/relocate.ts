import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import type { SessionWriter } from "./writer.ts"

/** A session goes where its folder went, before anything is done there. Throws SkeinError when the folder is gone. */
export async function followFolder(
  state: SessionState,
  writer: SessionWriter,
  ports: Pick<EnginePorts, "relocate">,
): Promise<void> {
  const { workspace } = state.created
  const now = await ports.relocate(workspace)
  if (now.path !== workspace.path) await writer.emit([{ type: "session.changed", workspace: now }], { flush: true })
}
