import type { HookPoint } from "@skein/core/ports"
import { claudeSessionId } from "@skein/protocol/claude-words"
import type { Source } from "../row.ts"

export interface Surroundings {
  readonly point: HookPoint
  /** Absolute. */
  readonly project: string
  readonly source: Source
}

/** What a hook gets besides what every command gets, whose environment has no keys of providers in it. */
export function environmentOf({ point, project, source }: Surroundings): Readonly<Record<string, string>> {
  const { plugin } = source
  return {
    CLAUDE_PROJECT_DIR: project,
    SKEIN_PROJECT_DIR: project,
    SKEIN_SESSION_ID: claudeSessionId(point.sessionId),
    SKEIN_HOOK_EVENT: point.event,
    ...(plugin === undefined
      ? {}
      : {
          CLAUDE_PLUGIN_ROOT: plugin.root,
          CLAUDE_PLUGIN_DATA: plugin.dataFolder,
          PLUGIN_ROOT: plugin.root,
          PLUGIN_DATA: plugin.dataFolder,
          // What Python compiles it writes beside the source, and one more file is no longer what the person agreed to.
          PYTHONDONTWRITEBYTECODE: "1",
        }),
  }
}
