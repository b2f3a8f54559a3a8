import type { Sandbox } from "@skein/protocol"

/** What a client does itself on the server's machine, beside every thread: by its own authority, not a model's. */
export interface ClientServices {
  /** Throws an Error with a sentence for the client when the program cannot be started. */
  readonly start: (request: ProgramRequest) => Promise<RunningProgram>
  readonly files: ClientFiles
  /** How a folder differs from the newest commit of it that a remote has. Undefined where there is none. */
  readonly diffToRemote: (cwd: string) => Promise<{ readonly sha: string; readonly diff: string } | undefined>
}

export interface ProgramRequest {
  readonly command: readonly string[]
  /** Absolute. */
  readonly cwd: string
  readonly sandbox: Sandbox
  /** May be written in `workspace-write`. Absolute. */
  readonly roots: readonly string[]
  readonly hasNetwork: boolean
  /** Laid over what commands get; null takes a name away. */
  readonly env: Readonly<Record<string, string | null>>
  /** With it, both streams come as `stdout`. */
  readonly pty?: { readonly columns: number; readonly rows: number } | undefined
  /** Called until `exited` resolves, never after. */
  onOutput(bytes: Uint8Array, stream: "stdout" | "stderr"): void
}

export interface RunningProgram {
  /** Throws an Error with a sentence when it has ended, or reads no more. */
  write(bytes: Uint8Array): Promise<void>
  closeInput(): void
  resize(columns: number, rows: number): void
  /** As Ctrl+C does. */
  interrupt(): void
  /** At once, with all that it started. */
  kill(): void
  /** Never rejects. `exitCode`: as a shell tells it, 128 and its number for a signal. */
  readonly exited: Promise<{ readonly exitCode: number }>
}

/** Paths are absolute. What the system refuses is thrown as it says it, with its `errno`. */
export interface ClientFiles {
  /** Throws an Error with a sentence for more than `bytesMax`. */
  read(path: string, bytesMax: number): Promise<Uint8Array>
  write(path: string, bytes: Uint8Array): Promise<void>
  makeFolder(path: string, isRecursive: boolean): Promise<void>
  facts(path: string): Promise<FileFacts>
  /** The path without links. */
  real(path: string): Promise<string>
  list(path: string, countMax: number): Promise<readonly FileEntry[]>
  remove(path: string, how: { readonly isRecursive: boolean; readonly isForced: boolean }): Promise<void>
  copy(from: string, to: string, isRecursive: boolean): Promise<void>
  /**
   * Tells which paths came, changed or went: of the folder's own entries, or the file itself. Resolves to what ends it once
   * it is known what is there.
   */
  watch(path: string, onChange: (paths: readonly string[]) => void): Promise<() => void>
}

export interface FileFacts {
  /** Of what a link leads to. */
  readonly kind: "file" | "folder" | "other"
  readonly isLink: boolean
  /** Bytes of a file; 0 of anything else. */
  readonly size: number
  /** Milliseconds since 1970; 0 where it is not known. */
  readonly createdAt: number
  readonly modifiedAt: number
}

export interface FileEntry {
  readonly name: string
  readonly kind: FileFacts["kind"]
}
