/** The programs whose sessions can be read. The word is part of the ids of what is made of them. */
export const FORMATS = ["codex", "claude", "opencode", "pi"] as const
export type Format = (typeof FORMATS)[number]

/** One session of another program, found on disk. */
export interface FoundSession {
  readonly format: Format
  /** The file it is in; a database holds many. */
  readonly path: string
  /** The other program's id for it. */
  readonly id: string
  /** Empty when the log does not say. */
  readonly cwd: string
  /** When it began, milliseconds since the epoch; 0 when the log does not say. */
  readonly at: number
  /** The start of what the person said first. */
  readonly preview: string
  /** False for sessions of programs and of subagents. */
  readonly isInteractive: boolean
}
