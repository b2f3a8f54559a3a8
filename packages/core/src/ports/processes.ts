import type { CallId, Sandbox, SessionId } from "@skein/protocol"
import type { ResourceBounds } from "./exec.ts"
import type { NetworkGate } from "./network.ts"

/**
 * Processes that go on when the call that began them is over: a server, a shell in a pseudo-terminal, a language server.
 * Confined like a command, each in a process group of its own, and none outlives skein, however it ends.
 */
export interface ProcessesPort {
  /** Throws SkeinError `sandbox.unavailable`, or ToolFailure when the program cannot be started. */
  start(request: ProcessRequest): Promise<RunningProcess>
  /**
   * Looks at the names in `roots` that make other programs run commands. What it gives is called when the work is over: it
   * moves aside those that are new since, and says so, a line for each. Where nothing is confined it does nothing.
   */
  guard?(roots: readonly string[]): Promise<() => readonly string[]>
}

export interface ProcessRequest {
  readonly sessionId?: SessionId | undefined
  readonly callId?: CallId | undefined
  /** A shell line, or a program and its arguments. */
  readonly command: string | readonly string[]
  /** Absolute. */
  readonly cwd: string
  readonly sandbox: Sandbox
  /** May be written in `workspace-write`. Absolute, resolved. */
  readonly roots: readonly string[]
  /** Left out, it has three pipes. With it, both streams come as `stdout`. */
  readonly pty?: { readonly columns: number; readonly rows: number } | undefined
  /** `minimal`: of the person's environment no more than where home, programs and certificates are, language and time. For a stranger's program. */
  readonly environment?: "minimal" | undefined
  /** Added to what commands get. */
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly network?: NetworkGate | undefined
  /**
   * It lives as long as a person works beside it in the same folders, so what they make there meanwhile must not be taken for
   * its own when it ends: whoever has it do something guards the folders for as long as that takes.
   */
  readonly isGuardedByCaller?: true
  readonly bounds?: ResourceBounds | undefined
  /** Bytes as they come. Called until `exited` resolves, never after. */
  onOutput(bytes: Uint8Array, stream: "stdout" | "stderr"): void
}

export interface RunningProcess {
  /** How it is held: the rung's name, `none` when it is not. */
  readonly confinement: string
  /** Resolves when the bytes were taken. Throws ToolFailure when it has ended or its input is closed. */
  write(bytes: Uint8Array): Promise<void>
  /** In a terminal: the end-of-file character. */
  closeInput(): void
  /** Does nothing without a terminal. */
  resize(columns: number, rows: number): void
  /** To its whole group. */
  signal(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGQUIT" | "SIGKILL" | "SIGUSR1" | "SIGUSR2"): void
  /** Never rejects. After it nothing of its group is left. */
  readonly exited: Promise<ProcessExit>
  /** Asks the group to end, kills it after two seconds, and waits. */
  end(): Promise<ProcessExit>
}

export interface ProcessExit {
  readonly exitCode: number | null
  /** `SIGKILL` …, when a signal ended it. */
  readonly signal: string | null
}
