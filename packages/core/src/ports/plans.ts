import type { PlannedAction } from "@skein/protocol"
import type { ShellReading } from "./shell.ts"

/** What a call would do, resolved. What a tool leaves out is taken as the worst. */
export interface CallPlan {
  readonly name: string
  readonly input: unknown
  /** The call's own input with this as the tool's, where the model called it through another tool. */
  readonly callInput?: ((input: unknown) => unknown) | undefined
  /** Whose rules it is judged by, where not those of its own name: a process runs what a command may. */
  readonly rulesOf?: string | undefined
  /** What will be done to what, for the judge and the person. */
  readonly effects: readonly Effect[]
  readonly actions: readonly PlannedAction[]
  /** True only when it may run beside others of its kind. */
  readonly isConcurrent: boolean
  /** Binds an approval to exactly this: the input, the resolved targets, the bytes they held. */
  readonly digest: string
  /** Longest run in milliseconds before it is stopped; the core adds no other limit. */
  readonly timeoutMs: number
  /** The shown diff has so many hunks, and `hunks` in the input says which of them are done. */
  readonly hunksCount?: number | undefined
  /** A person decides about it each time, in every mode and whatever rules allow: that is what it is for. */
  readonly isAlwaysAsked?: boolean | undefined
  /** Why that is so, for the person, where it is not what the tool is for. */
  readonly askedBecause?: string | undefined
  /** What the tool found while planning, for its own `run`. */
  readonly prepared?: unknown
}

/** `isInside`: all paths lie in the session's roots, links resolved. `unknown` is the worst of all. */
export type Effect =
  | { readonly kind: "read"; readonly paths: readonly string[]; readonly isInside: boolean }
  /** `runsLater`: why something will run what is written, without asking: `git's own files: hooks …`. */
  | {
      readonly kind: "write"
      readonly paths: readonly string[]
      readonly isInside: boolean
      readonly runsLater?: string | undefined
    }
  /**
   * `isConfined`: the operating system holds it to the session's sandbox, its network to what is allowed. `reading` is
   * what the line can run; without one it counts as not understood.
   */
  | {
      readonly kind: "execute"
      readonly command: string
      readonly isConfined: boolean
      /** The operating system lets it change no file either. */
      readonly isReadOnly?: boolean | undefined
      readonly reading?: ShellReading | undefined
      readonly roots?: readonly string[] | undefined
    }
  | { readonly kind: "network"; readonly hosts: readonly string[] }
  | { readonly kind: "delegate"; readonly to: string }
  /**
   * A tool of somebody else's program, which may do anything that it can do. `isApproved`: a person said yes to a call of it
   * before, and it is defined now as it was then. `isReadOnlyHinted`: it says of itself that it changes nothing.
   */
  | {
      readonly kind: "remote"
      readonly server: string
      readonly tool: string
      readonly isApproved: boolean
      readonly isReadOnlyHinted: boolean
      /** The client that brought the server, and answers its calls itself, lets this one be called unasked. */
      readonly isUnasked?: boolean | undefined
      /** That client says that what it returns is its own word. */
      readonly isTrusted?: boolean | undefined
    }
  | { readonly kind: "none" }
  | { readonly kind: "unknown" }
