import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/**
 * What `client.requested` of the kind `terminal` carries: a line for the client's own shell, in a terminal that the person
 * sees. It runs outside of skein's sandbox, and was allowed as such. The client ends it when its call is settled, whatever
 * became of the question.
 */
export interface TerminalRequest {
  /** The call that runs it. */
  readonly callId: string
  readonly command: string
  /** Absolute. */
  readonly cwd: string
  /** After this the client ends it, and answers with what it said until then. */
  readonly timeoutMs: number
  /** The newest this many bytes of its output are answered. */
  readonly outputBytesMax: number
}

export const TerminalRequest = lazy(() =>
  z.object({
    callId: z.string().min(1),
    command: z.string().min(1),
    cwd: z.string().min(1),
    timeoutMs: z.number().min(1),
    outputBytesMax: z.number().min(1),
  }),
)

/** How it ended. */
export interface TerminalAnswer {
  readonly output: string
  /** The output is its end alone. */
  readonly isTruncated: boolean
  /** Absent where a signal ended it, or the client does not know. */
  readonly exitCode?: number | undefined
  /** As the client calls it: `SIGKILL`. */
  readonly signal?: string | undefined
  /** The client ended it because `timeoutMs` were over. */
  readonly isTimedOut?: boolean | undefined
}

export const TerminalAnswer = lazy(() =>
  z.object({
    output: z.string(),
    isTruncated: z.boolean(),
    exitCode: z.int().optional(),
    signal: z.string().optional(),
    isTimedOut: z.boolean().optional(),
  }),
)
