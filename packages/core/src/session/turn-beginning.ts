import type { Revision } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"

/** What stands at a turn's beginning besides what was said: how its calls work, and on which state of the repository. */
export function beginning(
  { settings, created }: SessionState,
  { revisionOf }: Pick<EnginePorts, "revisionOf">,
): { readonly isDryRun?: boolean; readonly git?: Revision } {
  const git = revisionOf?.(created.workspace.path)
  return { ...(settings.dryRun === true ? { isDryRun: true } : {}), ...(git === undefined ? {} : { git }) }
}
