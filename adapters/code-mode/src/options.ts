import type { ExecPort, Place, ProcessesPort, ToolFacts } from "@skein/core/ports"

export interface CodeModeOptions {
  /** Starts the process of a program. */
  readonly processes: ProcessesPort
  readonly exec: Pick<ExecPort, "confinement">
  /** The program that runs TypeScript from `-e`, absolute, and what its environment says to make it do so. */
  readonly runtime: { readonly program: string; readonly env: Readonly<Record<string, string>> }
  /** Tools that programs can call by a function of their own. */
  readonly tools: (place: Place) => readonly ToolFacts[]
  /** How long a program may run in a folder in milliseconds, the time its calls take not counted. */
  readonly runMs: (cwd: string) => number
  /** How long it may say nothing while none of its calls is under way; 60 s where left out (SEMANTICS 9.3). */
  readonly quietMs?: number | undefined
}
