import type { ProcessId, ProcessSignalName, Sandbox } from "@skein/protocol"
import type { Artifact } from "./artifact.ts"

/**
 * The processes of a session that go on beside its turns, as a call sees them: they outlast it, and end with the session.
 * `whom` is a name or an id; where there is none such, ToolFailure names those that there are.
 */
export interface SessionProcesses {
  /** Throws ToolFailure: too many, a name that is in use, a program that cannot be started. */
  start(request: StartProcess): Promise<ProcessFacts>
  /** A command that runs already goes on as a process. Throws ToolFailure as `start` does. */
  adopt(command: RunningCommand): Promise<ProcessFacts>
  /** Those that run first, then the newest that ended; oldest first. */
  list(): readonly ProcessFacts[]
  find(whom: string): ProcessFacts
  /** Output from a place on, or from where the model read last; never more than is kept. */
  read(whom: string, options: { readonly from?: number | undefined; readonly bytesMax: number }): ProcessOutput
  /** Resolves when one of these is the case. Rejects with the signal's reason. */
  wait(whom: string, until: WaitFor, signal: AbortSignal): Promise<"matched" | "exited" | "idle" | "timeout">
  /** Each of its patterns is told once, to the model at its next step and to the person at once. */
  watch(whom: string, pattern: string): void
  /** Throws ToolFailure when it has ended or takes no input. */
  write(whom: string, bytes: Uint8Array): Promise<void>
  closeInput(whom: string): Promise<void>
  resize(whom: string, columns: number, rows: number): Promise<void>
  signal(whom: string, name: ProcessSignalName): Promise<void>
  /** Asks it to end, kills it when it does not, and waits. */
  end(whom: string): Promise<ProcessFacts>
}

export interface StartProcess {
  readonly command: string | readonly string[]
  /** What holds it; that of the call when left out, and never wider. */
  readonly sandbox?: Sandbox | undefined
  /** `p1`, `p2` … when left out. */
  readonly name?: string | undefined
  readonly pty?: { readonly columns: number; readonly rows: number } | undefined
}

/** A command that somebody runs, handed over while it does. */
export interface RunningCommand extends Omit<StartProcess, "pty"> {
  readonly command: string
  readonly confinement: string
  /** Tells all output: what has come so far at once, then what comes. */
  onOutput(listener: (bytes: Uint8Array) => void): void
  stop(): void
  /** Never rejects. */
  readonly ended: Promise<CommandEnd>
}

export interface CommandEnd {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly artifact?: Artifact | undefined
}

export interface ProcessFacts {
  readonly processId: ProcessId
  readonly name: string
  readonly command: string
  readonly isPty: boolean
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  readonly confinement: string
  /** What it may do as long as it runs, whatever its session may do meanwhile. */
  readonly sandbox: Sandbox
  /** Where its output may come from that nobody may be steered by; undefined when it is the workspace's own. */
  readonly source?: string | undefined
  /** Of all output so far. */
  readonly bytes: number
  readonly startedAt: number
  /** When it has ended. */
  readonly exit?: { readonly exitCode: number | null; readonly signal: string | null } | undefined
  readonly artifact?: Artifact | undefined
}

export interface ProcessOutput {
  readonly bytes: Uint8Array
  /** Places in the whole output. */
  readonly from: number
  readonly to: number
  /** Bytes that were asked for and are not kept in memory any more. */
  readonly skipped: number
}

export interface WaitFor {
  /** Text of one line, `*` standing for anything; also in what the model has not read yet. */
  readonly pattern?: string | undefined
  /** No output for so long. */
  readonly idleMs?: number | undefined
  readonly timeoutMs: number
}
