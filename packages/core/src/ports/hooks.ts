import type { HookInfo, HookList, Mode, SessionId, TurnId } from "@skein/protocol"
import type { Place } from "./place.ts"

export type { HookInfo, HookList }

/**
 * Points at which a person's own programs are run. The names are the field's: those of Claude Code, and of Codex where only
 * it has one. Which of them can do what is in `HookOutcome`.
 */
export const HOOK_EVENTS = [
  "SessionStart",
  "SessionEnd",
  "UserPromptSubmit",
  "PreModelRequest",
  "PostModelRequest",
  "PreToolUse",
  "PermissionRequest",
  "PermissionDenied",
  "PostToolUse",
  "PostToolUseFailure",
  "SubagentStart",
  "SubagentStop",
  "PreCompact",
  "PostCompact",
  "Stop",
  "StopFailure",
  "Interrupt",
  "Notification",
  "InstructionsLoaded",
  "ConfigChange",
  "WorktreeCreate",
  "WorktreeRemove",
] as const
export type HookEvent = (typeof HOOK_EVENTS)[number]

export interface HooksPort {
  /** The hooks of a place as they are now. Resolved once for a turn; cheap while no file changed, and at once where there are none. */
  at(place: Place): Promise<Hooks>
  /** All that are set for a place, whether each is run or why not, for a person. Runs nothing. */
  list?(place: Place): Promise<HookList>
}

export interface Hooks {
  /** Whether anything is run at this point. Cheap: it stands on the way of every call. */
  has(event: HookEvent): boolean
  /** What files say that a person is shown while what matches a point runs. Of a file: not bounded, not made visible. */
  statusOf?(point: HookPoint): string | undefined
  /** Files of settings are others than when this place was last asked about; these hooks are of what stood there before. */
  readonly changed?: ChangedSettings | undefined
  /**
   * Runs all that are set at a point, those that match beside each other. Never rejects and never hangs: what fails or takes
   * longer than it may is told in `ran`, and where it could have said no, counts as saying nothing. `signal` ends them all.
   */
  run(point: HookPoint, signal: AbortSignal): Promise<HookOutcome>
}

interface SettingsFile {
  /** Absolute. */
  readonly path: string
  readonly owner: "person" | "project"
}

export interface ChangedSettings {
  readonly files: readonly SettingsFile[]
  /** Called once. The hooks from now on: as the files are, or, not taken, as they were until one changes again. */
  settle(how: { readonly isTaken: boolean }): Promise<Hooks>
}

/** What hooks are told of every point. */
interface PointFacts {
  readonly sessionId: SessionId
  /** Absolute. */
  readonly cwd: string
  /** Where the session's log lies, if it is kept. */
  readonly transcriptPath?: string | undefined
  readonly mode: Mode
  /** `provider/model`. */
  readonly model: string
  readonly turnId?: TurnId | undefined
  /** The sub-agent whose turn it is. */
  readonly agent?: { readonly id: string; readonly name: string } | undefined
  /** Where the log of that sub-agent's own session lies, if it is kept. */
  readonly agentTranscriptPath?: string | undefined
}

export type HookPoint = PointFacts & HookDetail

/** `toolName` and `input` are skein's own; an adapter says them in the words of the hook's file. */
export type HookDetail =
  | { readonly event: "SessionStart"; readonly source: "startup" | "resume" | "clear" | "compact" | "fork" }
  | { readonly event: "SessionEnd"; readonly reason: "clear" | "exit" | "other" }
  | { readonly event: "UserPromptSubmit"; readonly prompt: string }
  | { readonly event: "PreModelRequest"; readonly step: number }
  | {
      readonly event: "PostModelRequest"
      readonly step: number
      readonly status: "completed" | "failed"
      readonly inputTokens: number
      readonly outputTokens: number
    }
  | ({ readonly event: "PreToolUse" } & HookCall)
  | ({ readonly event: "PermissionRequest"; readonly reasons: readonly string[] } & HookCall)
  | ({ readonly event: "PermissionDenied"; readonly reason: string } & HookCall)
  | ({ readonly event: "PostToolUse"; readonly output: string; readonly durationMs: number } & HookCall)
  | ({
      readonly event: "PostToolUseFailure"
      readonly error: string
      readonly isInterrupted: boolean
      readonly durationMs: number
    } & HookCall)
  | { readonly event: "SubagentStart"; readonly agentId: string; readonly agentName: string }
  | {
      readonly event: "SubagentStop"
      readonly agentId: string
      readonly agentName: string
      readonly isHookActive: boolean
      readonly lastMessage?: string | undefined
    }
  | { readonly event: "PreCompact"; readonly trigger: "manual" | "auto"; readonly instructions: string }
  | { readonly event: "PostCompact"; readonly trigger: "manual" | "auto"; readonly summary: string }
  | { readonly event: "Stop"; readonly isHookActive: boolean; readonly lastMessage?: string | undefined }
  | { readonly event: "StopFailure"; readonly code: string; readonly message: string }
  | { readonly event: "Interrupt" }
  | { readonly event: "Notification"; readonly kind: "permission" | "idle" | "question"; readonly message: string }
  | { readonly event: "InstructionsLoaded"; readonly path: string; readonly reason: string }
  | ({ readonly event: "ConfigChange" } & SettingsFile)
  | { readonly event: "WorktreeCreate"; readonly path: string }
  | { readonly event: "WorktreeRemove"; readonly path: string }

/** What happens beside the turns. */
export type Happening = Extract<HookDetail, { event: "WorktreeCreate" | "WorktreeRemove" }>

export interface HookCall {
  readonly toolName: string
  readonly callId: string
  readonly input: unknown
}

/** What hooks said together; the strictest word holds. */
export interface HookOutcome {
  /**
   * It does not go on: the prompt is not sent, the call not run, the context not compacted. At `Stop` and `SubagentStop`
   * it goes on where it would have ended, with this as what to do.
   */
  readonly block?: { readonly reason: string } | undefined
  /** The whole turn ends here. */
  readonly stop?: { readonly reason: string } | undefined
  /** At `PreToolUse` and `PermissionRequest`: `ask` and `deny` hold; `allow` spares a question, never a denial, taint or `isAlwaysAsked`. */
  readonly decision?: "allow" | "ask" | "deny" | undefined
  /** Why, for the person, and for the model where it was denied. */
  readonly reason?: string | undefined
  /** At `PreToolUse` and `PermissionRequest`: arguments in the place of the call's own. Judged as those are. */
  readonly input?: unknown
  /** At `PostToolUse`: what the model reads in the place of the tool's own output. */
  readonly output?: string | undefined
  /** For the model, beside what is there. A hook of the person's own says it, so it does not taint. */
  readonly context?: string | undefined
  /** For the person. */
  readonly messages: readonly string[]
  /** Each that ran, for the log. */
  readonly ran: readonly HookRun[]
}

export interface HookRun {
  /** What it is called by in lists: its command's first words, or its address. No secret is in it. */
  readonly hook: string
  /** The file that sets it. */
  readonly file: string
  readonly outcome: "passed" | "blocked" | "changed" | "failed" | "timed_out" | "skipped"
  /** Why, where it is not `passed`; bounded. */
  readonly message?: string | undefined
  readonly durationMs: number
}
