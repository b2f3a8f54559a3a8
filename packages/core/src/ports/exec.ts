import type { Sandbox, SessionId } from "@skein/protocol"
import type { Artifact } from "./tools.ts"

/**
 * Runs commands in their own process group, confined. Resolves at most 500 ms after the direct child's exit, whoever
 * still holds its pipes; on timeout or abort the whole group is ended first. stdin is empty.
 */
export interface ExecPort {
  /** What confinement this machine gives, or why none. Cheap after the first call. */
  confinement(sandbox: Sandbox): Promise<Confinement>
  /** Throws SkeinError `sandbox.unavailable`, with the cure, when the asked confinement cannot be given. */
  run(request: ExecRequest): Promise<ExecResult>
}

export type Confinement =
  /** `by`: `bubblewrap`, … */
  | { readonly kind: "confined"; readonly by: string }
  /** The person said so. */
  | { readonly kind: "none"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly reason: string; readonly cure: string }

export interface ExecRequest {
  /** Whose artifacts a long output is kept among; left out for a command of no session. */
  readonly sessionId?: SessionId | undefined
  /** A shell line, or a program and its arguments. */
  readonly command: string | readonly string[]
  readonly cwd: string
  readonly sandbox: Sandbox
  /** May be written in `workspace-write`, besides a private temporary folder. Absolute, resolved. */
  readonly roots: readonly string[]
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Output kept for the model: this many bytes, half from the head and half from the tail. */
  readonly bytesMax: number
  /** All output so far in bytes, and its newest lines. */
  readonly onOutput?: ((bytes: number, preview: string) => void) | undefined
}

export interface ExecResult {
  readonly exitCode: number | null
  /** `SIGKILL` …, when a signal ended it. */
  readonly signal: string | null
  readonly isTimedOut: boolean
  /** Both streams as they came, within `bytesMax`; a note stands where bytes were left out. */
  readonly output: string
  readonly bytes: number
  /** The whole output, when it was more than `bytesMax`. */
  readonly artifact?: Artifact | undefined
  readonly durationMs: number
  /** Processes of the group that outlived the command and were ended. */
  readonly isGroupLeftBehind: boolean
}
