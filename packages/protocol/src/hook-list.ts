/** What files set to run at points of a turn. */
export interface HookList {
  readonly hooks: readonly HookInfo[]
  /** What is wrong with files: sentences that begin with the file and the place. */
  readonly flaws: readonly string[]
}

/** One hook as a person is told of it: nothing of it that is secret. */
export interface HookInfo {
  /** `PreToolUse` … */
  readonly event: string
  readonly matcher?: string | undefined
  /** A permission rule that a call has to fit too. */
  readonly condition?: string | undefined
  /** `command`, `http`, or what is not supported. */
  readonly type: string
  /** Its command, or its address. */
  readonly what: string
  /** Absolute. */
  readonly file: string
  /** In that file: `hooks.PreToolUse[0]`. */
  readonly place: string
  /** Of the value that stands there, hexadecimal. */
  readonly sha256: string
  readonly from: "person" | "project" | "plugin"
  readonly plugin?: string | undefined
  /** In whose words it is told things: `claude`, `codex`, `skein`. */
  readonly words: string
  readonly timeoutMs: number
  readonly isAsync: boolean
  readonly isOnce: boolean
  /** It runs in the sandbox, as whatever a project brings does. */
  readonly isConfined: boolean
  readonly state: "runs" | "untrusted" | "blocked"
  /** Where it is not run. */
  readonly why?: string | undefined
}
