import type { ExecPort, ProcessesPort, TakeLock } from "@skein/core/ports"

/** A folder of scripts. */
export interface ScriptFolder {
  /** Absolute. */
  readonly path: string
  /** A project brought it: nothing of it runs that is not trusted exactly as it is. */
  readonly isOfProject: boolean
  /** No confined process sees it, so a script of it runs as a copy that stands alone. */
  readonly isHidden: boolean
}

/** A file, as far as trust is about it. */
export interface TrustedFile {
  readonly path: string
  readonly sha256: string
}

export interface ToolboxOptions {
  /** Where scripts lie for a place, those of the person first: of two of one name the first counts. */
  readonly folders: (cwd: string) => readonly ScriptFolder[]
  readonly processes: ProcessesPort
  readonly exec: Pick<ExecPort, "confinement">
  /** Those that a person trusts byte for byte as they stand. */
  readonly trusted: (cwd: string, files: readonly TrustedFile[]) => Promise<ReadonlySet<string>>
  /** Tells the person what was left out for want of trust, where nobody told of that folder yet. */
  readonly leaveOut: (cwd: string, sentence: string) => Promise<void>
  /** Runs scripts in TypeScript and JavaScript: a program, absolute, and what its environment says. */
  readonly runtime: { readonly program: string; readonly env: Readonly<Record<string, string>> }
  /** What scripts said of themselves, and which ones ran. */
  readonly stateFile: string
  /** Where copies lie of scripts that no confined process sees. */
  readonly copiesDir: string
  readonly lock: () => Promise<TakeLock>
  readonly warn: (sentence: string) => void
}
