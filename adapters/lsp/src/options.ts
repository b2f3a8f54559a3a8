import type { ExecPort, ProcessesPort } from "@skein/core/ports"

export interface CodeOptions {
  readonly processes: ProcessesPort
  /** Runs linters, and says whether what runs here is held. */
  readonly exec: Pick<ExecPort, "run" | "confinement">
  /** Where programs are looked for. */
  readonly path: string | undefined
  /** What is set for a session's folder. */
  readonly settingsFor: (root: string) => CodeSettings
  /** The person refused the folder: nothing is done for it at all. Cheap. */
  readonly isRefused: (root: string) => boolean
  /** The person said that programs which the folder brings may run. Asked when one is about to: it may read the folder. */
  readonly isTrusted: (root: string) => Promise<boolean>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A sentence that a person should read: a server that was ended for its size. */
  readonly notify: (sentence: string) => void
}

export interface CodeSettings {
  readonly isEnabled: boolean
  /** How long a server is kept that nobody asks. */
  readonly idleMs: number
  /** How much one server may hold, its processes together. */
  readonly memoryBytesMax: number
  /** By name; one of a built-in server's name takes its place, in what it says. */
  readonly servers: Readonly<Record<string, CustomServer>>
  /** By name: `false` turns one off, `true` takes one as configured. */
  readonly linters: Readonly<Record<string, boolean>>
}

export interface CustomServer {
  readonly isEnabled?: boolean | undefined
  readonly command?: string | undefined
  readonly args?: readonly string[] | undefined
  readonly extensions?: readonly string[] | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly initialization?: Readonly<Record<string, unknown>> | undefined
}
