/** What is said between skein and the process of an extension: JSON-RPC 2.0, a message a line, in both directions. */

/** How a process is started: all that it is told before its module runs. */
export interface ProgramPlan {
  /** The extension's module; absolute. */
  readonly file: string
  /** What it may write; absolute. */
  readonly dataFolder: string
}

/** The first message of a process, once: what its module declares, or why it has none. */
export const READY = "ready"

/** Requests to the process. */
export type Asked =
  | {
      readonly method: "tool"
      readonly params: { readonly name: string; readonly input: unknown; readonly cwd: string }
    }
  | {
      readonly method: "command"
      readonly params: { readonly name: string; readonly args: string; readonly cwd: string }
    }
  | {
      readonly method: "hook"
      readonly params: { readonly event: string; readonly point: unknown; readonly cwd: string }
    }
/** A notification with the id of a request: its `signal` aborts. */
export const CANCEL = "cancel"

/** Requests of the process, each for a request that it answers just now: `for` is that one's id. */
export const CALL = "call"
export const ASK = "ask"
/** Notifications of the process. */
export const PROGRESS = "progress"
export const LOG = "log"

export interface Declarations {
  readonly tools: readonly {
    readonly name: string
    readonly description: string
    readonly inputSchema: object
    readonly effects?: readonly string[] | undefined
    readonly timeoutMs?: number | undefined
  }[]
  readonly commands: readonly { readonly name: string; readonly summary: string; readonly usage: string }[]
  readonly hooks: readonly { readonly event: string; readonly match?: string | undefined }[]
}
