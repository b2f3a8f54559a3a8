import type { HookPoint } from "@skein/core/ports"
import { claudeSessionId } from "@skein/protocol/claude-words"
import type { Json } from "@skein/protocol/json"

/**
 * What differs from point to point and is called alike by all: the fields of Claude Code's hooks reference, which Codex's
 * follows. A call's own fields are the dialect's.
 */
export function detailOf(point: HookPoint): Json {
  switch (point.event) {
    case "SessionStart":
      return { source: point.source, model: point.model }
    case "SessionEnd":
      return { reason: point.reason }
    case "UserPromptSubmit":
      return { prompt: point.prompt }
    case "PreModelRequest":
      return { step: point.step }
    case "PostModelRequest": {
      const token_usage = { input_tokens: point.inputTokens, output_tokens: point.outputTokens }
      return { step: point.step, status: point.status, token_usage }
    }
    case "PermissionRequest":
      return { permission_reasons: point.reasons }
    case "PermissionDenied":
      return { reason: point.reason }
    case "PostToolUse":
      return { duration_ms: point.durationMs }
    case "PostToolUseFailure":
      return { error: point.error, is_interrupt: point.isInterrupted, duration_ms: point.durationMs }
    case "SubagentStop":
    case "Stop":
      return { stop_hook_active: point.isHookActive, last_assistant_message: point.lastMessage ?? null }
    case "PreCompact":
      return { trigger: point.trigger, custom_instructions: point.instructions }
    case "PostCompact":
      return { trigger: point.trigger, compact_summary: point.summary }
    case "StopFailure":
      return { error: point.code, error_details: point.message }
    case "Notification":
      return { message: point.message, notification_type: point.kind }
    case "InstructionsLoaded":
      return { file_path: point.path, load_reason: point.reason }
    case "ConfigChange":
      return { file_path: point.path, source: point.owner }
    case "WorktreeCreate":
    case "WorktreeRemove":
      return { worktree_path: point.path }
    case "PreToolUse":
    case "SubagentStart":
    case "Interrupt":
      return {}
  }
}

/** What stands before it, at every point. */
export function commonOf(point: HookPoint, permissionMode: string): Json {
  return {
    session_id: claudeSessionId(point.sessionId),
    transcript_path: point.transcriptPath ?? null,
    cwd: point.cwd,
    permission_mode: permissionMode,
    hook_event_name: point.event,
  }
}

/** Whom a point is about: the sub-agent that starts or ends, or whose turn it is. */
export function agentOf(point: HookPoint): { readonly id: string; readonly name: string } | undefined {
  return "agentId" in point ? { id: point.agentId, name: point.agentName } : point.agent
}

/** What a matcher is compared with where no tool is called. */
export function subjectOf(point: HookPoint): string | undefined {
  switch (point.event) {
    case "SessionStart":
      return point.source
    case "SessionEnd":
      return point.reason
    case "PreCompact":
    case "PostCompact":
      return point.trigger
    case "SubagentStart":
    case "SubagentStop":
      return point.agentName
    case "Notification":
      return point.kind
    case "StopFailure":
      return point.code
    case "InstructionsLoaded":
      return point.reason
    case "ConfigChange":
      return point.owner
    default:
      return undefined
  }
}
