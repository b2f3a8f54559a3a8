/** Takes a shell line apart into everything it can run. Pure but for loading its grammar; total: what it cannot read is `unclear`. */
export interface ShellPort {
  understand(line: string, context: ShellContext): Promise<ShellReading>
  /** The same for a program and its arguments, which no shell reads. */
  understandArgv(argv: readonly string[], context: ShellContext): Promise<ShellReading>
}

export interface ShellContext {
  /** Absolute, resolved: where the line begins. */
  readonly cwd: string
  readonly roots: readonly string[]
  readonly home?: string | undefined
  /** Commands that the settings say are checks, as `make accept`, with whatever follows. */
  readonly checks?: readonly string[] | undefined
}

export interface ShellReading {
  /** Every simple command it can run: in any branch, substitution, wrapper, `sh -c`, `xargs` …; in order of the text. */
  readonly commands: readonly SimpleCommand[]
  /**
   * Why it is not wholly understood, as a sentence; then no rule but one for exactly this line covers it, and what a rule
   * denies is denied wherever it may be meant.
   */
  readonly unclear?: string | undefined
  /** It tests, checks types, builds or lints, and its exit code says how that went. Absent where that cannot be said. */
  readonly isCheck?: boolean | undefined
}

/**
 * What a command does, as far as its program and options tell. `read`: changes nothing. `write`: changes files it names.
 * `execute`: runs other code of the workspace, as a build or a test. `network`: wants to reach others. `destroy`: takes
 * away what cannot be made again. `publish`: tells others (push, pull request, message). `escalate`: more rights, or
 * persistence. `unknown`: a program skein does not know.
 */
export const COMMAND_RISKS = [
  "read",
  "write",
  "execute",
  "network",
  "publish",
  "destroy",
  "escalate",
  "unknown",
] as const
export type CommandRisk = (typeof COMMAND_RISKS)[number]

/** Among what is powerful: it runs what it reads, which its words do not say. */
export const RUNS_ITS_INPUT = "its input is code"

export interface SimpleCommand {
  /**
   * Words as the shell would pass them; undefined where a word is only known when it runs. Never empty. A program in a
   * folder of the system stands by its name alone; one elsewhere with its path, so a denial compares base names too.
   */
  readonly argv: readonly (string | undefined)[]
  /** Its text in the line. */
  readonly text: string
  /** Worst first; never empty. */
  readonly risks: readonly CommandRisk[]
  /** Why, in words for a person: `git reset --hard drops changes that were not committed`. */
  readonly reason: string
  /** Files it names to write, through redirections too; absolute where that can be known. */
  readonly writes: readonly string[]
  /** Files it names to read. */
  readonly reads: readonly string[]
  /** It reads a file whose name is only known when it runs, and which may lie anywhere. */
  readonly readsUnknown?: boolean
  /** What it takes away is more than is kept for an undo: a large file, or a folder that cannot be looked through. */
  readonly isBeyondUndo?: boolean
  /** Hosts it names, or is known to need: `registry.npmjs.org:443`. */
  readonly hosts: readonly string[]
  /** Environment that it runs with, but for names that are known to change nothing, as CI: `PATH=.:$PATH ls`. */
  readonly assigns: readonly string[]
  /** Where it runs, when the line changes folder before; undefined when that cannot be known. */
  readonly cwd: string | undefined
  /** Options of it that run or write something else, which no prefix rule may cover: `--output=f`. */
  readonly powerful: readonly string[]
  /**
   * What answering "always" would remember, as the `command` of a rule; absent for what is to be asked every time. With
   * ` *` at its end it covers every command whose first words are these, without it exactly these words. By it a rule that
   * allows covers a command only while the reading is clear and `powerful` and `assigns` are empty, and a line is allowed
   * when each of its commands is: by a rule, or because it only reads.
   */
  readonly pattern?: string | undefined
}
