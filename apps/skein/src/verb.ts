import type { Flag, Flags } from "./flags.ts"
import type { Io } from "./io.ts"

/** A verb's code: loaded when it is chosen, given streams, answering with an exit code. */
export type Run = (call: VerbCall) => Promise<number>

export interface VerbCall {
  readonly flags: Flags
  readonly words: readonly string[]
  readonly rest: readonly string[]
  readonly io: Io
  /** The whole command line as a table, for verbs that tell about it. */
  readonly table: CommandTable
  /** The words as given, for edges that read their own. */
  readonly argv: readonly string[]
}

export interface Verb {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  /** What follows the name: `[prompt]`. */
  readonly usage: string
  readonly flags: readonly Flag[]
  /** Its first word begins another program's command line, whose flags are none of ours. */
  readonly isCommandLast?: boolean
  readonly load: () => Promise<{ readonly run: Run }>
  /** What its next word may be: `list` of `skein session list`. Such a word has flags of its own. */
  readonly inner?: () => Promise<readonly Verb[]>
  /** Its next word may also be none of these: `models gpt` beside `models pull`. */
  readonly hasOtherWords?: boolean
}

export interface CommandTable {
  readonly verbs: readonly Verb[]
  /** Verbs that are known and not here yet. */
  readonly coming: readonly string[]
}
