import type { NetworkAttempt, Sandbox, SessionId } from "@skein/protocol"
import type { Artifact } from "./artifact.ts"
import type { Layer } from "./layers.ts"
import type { NetworkGate } from "./network.ts"

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
  /** `by`: the rung, `bubblewrap+landlock+seccomp`; `weaker`: what this rung does not hold, when it is not the best. */
  | { readonly kind: "confined"; readonly by: string; readonly weaker?: string | undefined }
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
  /** Decides about every host that it tries to reach. Without one it has no network at all, and no proxy. */
  readonly network?: NetworkGate | undefined
  /** Whose call it is, for the record of what left. */
  readonly callId?: string | undefined
  /** What it may use; the adapter's own bounds where nothing is said. */
  readonly bounds?: ResourceBounds | undefined
  /** Its changes in `roots` go into this layer. */
  readonly layer?: Layer | undefined
  /** All output so far in bytes, and its newest lines. */
  readonly onOutput?: ((bytes: number, preview: string) => void) | undefined
  /** All output itself, as it comes. */
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined
  /** From the moment when it aborts `timeoutMs` does not count: the command goes on beside whoever waited for it. */
  readonly untimed?: AbortSignal | undefined
}

/** Per command, all of its processes together where the system can count that way, else each. */
export interface ResourceBounds {
  readonly processesMax?: number | undefined
  readonly memoryBytesMax?: number | undefined
  /** The largest file it may write. */
  readonly fileBytesMax?: number | undefined
  readonly cpuSecondsMax?: number | undefined
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
  /** How it was held: the rung's name, `none` when it was not. */
  readonly confinement?: string | undefined
  /** Hosts that it tried to reach. */
  readonly network?: readonly NetworkAttempt[] | undefined
  /** Processes of the group that outlived the command and were ended. */
  readonly isGroupLeftBehind: boolean
}
