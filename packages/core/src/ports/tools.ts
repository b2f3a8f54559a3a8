import type {
  CallId,
  ContentBlock,
  ContextProfile,
  DurableDraft,
  EventOf,
  FileAction,
  FileChange,
  HumanView,
  NetworkAttempt,
  PathChange,
  PathDiff,
  Sandbox,
  SearchHit,
  SessionId,
  SessionView,
  Task,
  ToolKind,
  ToolNeed,
  WebSearch,
} from "@skein/protocol"
import type { AgentsPort } from "./agents.ts"
import type { Artifact } from "./artifact.ts"
import type { Layer } from "./layers.ts"
import type { ToolSpec } from "./model.ts"
import type { NetworkGate } from "./network.ts"
import type { Place } from "./place.ts"
import type { CallPlan, Effect } from "./plans.ts"
import type { SessionProcesses } from "./session-processes.ts"
import type { GatheredSection } from "./sources.ts"

/**
 * The tools a session may call. `plan` does all reading and resolving, `run` does what was planned and refuses when the
 * world no longer fits the plan. Neither decides about permission, truncates for context, draws, or emits.
 */
export interface ToolsPort {
  /**
   * All there are, those that `offered` leaves to one tool that calls them by name among them. Same order every time. The
   * built-in ones come first; without a place, they are all.
   */
  list(place?: Place): readonly ToolFacts[]
  /**
   * Those that a request tells of: same bytes every time for the same `offer`, as it is part of the cached prefix. What it
   * does not tell of can be called all the same.
   */
  offered(offer: ToolOffer): readonly ToolSpec[]
  /**
   * Brings what `describe` needs to tell the calls of a tool that few sessions use. Awaited before a call of that name is
   * described; undefined, or left out: it is there. Without it a call is only named.
   */
  ready?(name: string, place?: Place): Promise<void> | undefined
  /**
   * Finds out what there is in a place now. Awaited when a turn begins, so that what is told stays the same within one;
   * cheap while nothing changed. Throws SkeinError where the person said that no turn goes without it.
   */
  refresh?(place: Place): Promise<void> | undefined
  /** Cheap and pure: what a call made in `cwd` is called and about, for showing it before it is planned. */
  describe(name: string, input: unknown, cwd: string): CallLabel
  /** Checks the input and resolves what would happen. Throws CallDefect or ToolFailure. */
  plan(name: string, input: unknown, context: PlanContext): Promise<CallPlan>
  /**
   * Has a client save what nobody saved yet of the files that a call is about to write: taking the call back then gives them
   * back as the person had them. Awaited before they are watched. Throws ToolFailure where that cannot be.
   */
  beforeWatch?(plan: CallPlan, context: PlanContext): Promise<void> | undefined
  /** Throws ToolFailure for what the tool could not do. Stops within 100 ms of `context.signal`. */
  run(plan: CallPlan, context: RunContext): Promise<ToolResult>
}

/** What there is to know of a tool. */
export interface ToolFacts extends ToolSpec {
  readonly kind: ToolKind
  /** All that is told of it, beside its name, where the model calls it by name; absent for one that is told of in full. */
  readonly summary?: string | undefined
  /** What its calls do at most; absent: anything. */
  readonly effects?: readonly Effect["kind"][] | undefined
  readonly needs?: readonly ToolNeed[] | undefined
  /** Whether calls of it may run beside each other. */
  readonly isConcurrent: boolean
  readonly timeoutMs: number
  /** The script that it is, absolute. */
  readonly file?: string | undefined
}

/** What a session leaves to its model. */
export interface ToolOffer {
  /** Absent: the built-in ones alone. */
  readonly place?: Place | undefined
  /** For `compact` those that work cannot be done without. */
  readonly profile?: ContextProfile | undefined
  /** Whether the session leaves this tool to its model. */
  readonly allows: (name: string) => boolean
  /** The session says itself which tools those are: all of them are told of in full. */
  readonly isChosen?: boolean | undefined
}

export interface CallLabel {
  /** The tool that runs, where it may be another than the one that was named: an alias, or one that passes calls on. */
  readonly tool?: string | undefined
  readonly title: string
  readonly kind: ToolKind
  /** Absolute paths, as far as known from the input. */
  readonly locations: readonly string[]
}

export interface PlanContext {
  readonly sessionId: SessionId
  /** The session's folder, absolute and resolved. */
  readonly cwd: string
  /** Folders a tool may work in: the workspace first, then the extra ones. */
  readonly roots: readonly string[]
  readonly sandbox: Sandbox
  /** Commands that the settings say are checks. */
  readonly checks?: readonly string[] | undefined
  /** Whether and where the web is searched; left out, it is not. */
  readonly webSearch?: WebSearch | undefined
  /** The content the model last saw of a file, as SHA-256; undefined when it never saw it. */
  readonly observed: (path: string) => string | undefined
  readonly signal: AbortSignal
  /** What the call sees instead of the folders, and where what it writes goes. */
  readonly layer?: Layer | undefined
  /** Whether a client offered to answer this kind. Absent: none does. */
  readonly hasClient?: ((kind: ClientRequestKind) => boolean) | undefined
  /**
   * Asks a client that offered to answer this kind. Resolves with its answer, unchecked. Rejects with SkeinError:
   * `client.gone` when there is none or it goes away, `client.refused` in its own words, `client.deadline` after
   * `deadlineMs`; or with the signal's reason. Never hangs.
   */
  askClient(kind: ClientRequestKind, payload: unknown, deadlineMs: number): Promise<unknown>
  /**
   * The session's other records, for tools that look back: its own calls' changes, and what was said in it. Throws
   * ToolFailure.
   */
  readonly sessions: SessionsPort
  /** What goes on beside the session's turns, for looking at. Absent where nothing does. */
  readonly processesSeen?: (() => Promise<Pick<SessionProcesses, "find" | "list">>) | undefined
}

/** What a tool may ask of sessions. */
export interface SessionsPort {
  /** What `undo` would do. Throws ToolFailure when there are not so many calls that changed files. */
  undoPreview(calls: number): Promise<readonly FileAction[]>
  /** Takes back what the newest `calls` calls of this session changed in files, newest first. Throws ToolFailure. */
  undo(calls: number): Promise<readonly PathChange[]>
  /** What skein's calls changed in files since the session began, as it is now. Absent where no session keeps that. */
  readonly changesSinceStart?: (() => Promise<readonly PathDiff[]>) | undefined
  /** The tool whose call was the newest that changed files, when one was. Absent as above. */
  readonly lastChangedBy?: (() => Promise<string | undefined>) | undefined
  search(text: string, limit: number): Promise<readonly SearchHit[]>
  read(sessionId: SessionId): Promise<SessionView>
  /** How full this session's context is: tokens, estimated, and the model's window where that is known. */
  contextSize(): { readonly contextTokens: number; readonly contextTokensMax?: number | undefined }
}

/** What a client can be asked for, besides approvals. */
export type ClientRequestKind = EventOf<"client.requested">["kind"]

export interface RunContext extends PlanContext {
  readonly callId: CallId
  /** A person was asked about this very call and said yes; where rules or a mode allow it, nobody was. */
  readonly isAnswered?: boolean | undefined
  /** Decides about hosts that the call's processes try to reach. Absent: none may be reached. */
  readonly network?: NetworkGate | undefined
  /** Child sessions. Absent where none may be begun. */
  readonly agents?: AgentsPort | undefined
  /**
   * Makes a call of its own out of this one: planned, judged, asked about, run and recorded like any other, and settled
   * before this one. Resolves with what the model would have been told. Absent inside such a call: there is no nesting.
   */
  readonly call?: ((name: string, input: unknown) => Promise<NestedResult>) | undefined
  /** What goes on beside the session's turns. Absent where nothing may: in a layer. */
  readonly processes?: (() => Promise<SessionProcesses>) | undefined
  /** The call could go on as a process: `move` does that, when a person asks for it, and the call then settles soon. */
  offerBackground?(move: () => void): void
  /**
   * Asks the model that does `look_at` about what it is shown, beside the conversation; what that costs is the session's.
   * Throws ToolFailure where nobody may be asked, or what came is no answer. Absent where there is no model.
   */
  readonly lookAt?: ((content: readonly ContentBlock[], question: string) => Promise<Looked>) | undefined
  /**
   * One answer beside the conversation, of the model that does this task: without tools, its cost on the session's account.
   * Throws ToolFailure where none may be asked, or it could not answer. Absent where no model may be asked.
   */
  readonly askModel?: ((question: ModelQuestion) => Promise<string>) | undefined
  /** A call's output so far, bounded for showing; called as often as the tool likes. */
  progress(bytes: number, preview: string): void
}

export interface Looked {
  readonly text: string
  /** The model that said it. */
  readonly by: string
}

/** What a tool asks a model. */
export interface ModelQuestion {
  readonly task: Task
  readonly instructions: string
  /** What it is about; hostile as any text of files and models. */
  readonly text: string
  readonly outputTokensMax: number
}

/** How a call that another call made ended. */
export interface NestedResult {
  readonly outcome: "success" | "error" | "cancelled"
  readonly forModel: readonly ContentBlock[]
  readonly forHuman?: HumanView | undefined
}

export interface ToolResult {
  readonly forModel: readonly ContentBlock[]
  readonly forHuman?: HumanView | undefined
  readonly changes?: readonly FileChange[] | undefined
  readonly observed?: readonly { readonly path: string; readonly sha256: string }[] | undefined
  readonly artifacts?: readonly Artifact[] | undefined
  readonly provenance?: { readonly source: string; readonly isTrusted: boolean } | undefined
  readonly network?: readonly NetworkAttempt[] | undefined
  readonly confinement?: string | undefined
  /** Size of the full output, before any bound. */
  readonly bytes?: number | undefined
  readonly exitCode?: number | undefined
  /** What the tool changed of the session itself. */
  readonly session?: SessionChange | undefined
  /** Texts that the model goes by from here on, beside the result: they stay when older context is let go. */
  readonly sections?: readonly GatheredSection[] | undefined
  /** What changes about permission until the turn ends. Only built-in tools are heard. */
  readonly forTurn?: TurnPermission | undefined
  /** The tool ran, and what it ran says no: a test that fails, a command that exits with 1. */
  readonly isError?: boolean | undefined
}

/** Said in a file of somebody who is trusted: by a skill, by a command. Rule strings as in `docs/permissions.md`. */
export interface TurnPermission {
  /** Whose words it is by: `the skill pdf`. */
  readonly by: string
  /** Calls of these need no question. Never what a rule of the person's forbids, and never more than an answer for good. */
  readonly allows?: readonly string[] | undefined
  /** Calls of all others are refused; an empty list leaves none. */
  readonly leaves?: readonly string[] | undefined
}

/** A tool can narrow what a session may do, to mode plan, and never widen it. */
export type SessionChange =
  | Extract<DurableDraft, { type: "plan.changed" | "todo.changed" }>
  | { readonly type: "settings.changed"; readonly changes: { readonly mode: "plan" } }

/** The tool could not. The text is for the model: what was tried, what is there instead, what to do. */
export class ToolFailure extends Error {
  override readonly name = "ToolFailure"
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
  }
}

/** The call as written cannot be run: no such tool, or arguments that do not fit. Also text for the model. */
export class CallDefect extends Error {
  override readonly name = "CallDefect"
  readonly code: "call.unknown_tool" | "call.invalid_input"
  constructor(code: "call.unknown_tool" | "call.invalid_input", message: string) {
    super(message)
    this.code = code
  }
}
