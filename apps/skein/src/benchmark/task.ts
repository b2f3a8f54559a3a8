/** How much a task asks for: one place, a few, or a real piece of thinking. */
export const LEVELS = [1, 2, 3] as const
export type Level = (typeof LEVELS)[number]

/** One thing to be done in a folder of its own, and the command whose exit code says whether it is done. */
export interface Task {
  readonly name: string
  readonly level: Level
  readonly prompt: string
  readonly check: string
  /** Fills an empty folder with what the task begins with. */
  prepare(folder: string): Promise<void>
  /** Puts the tests back as they are meant to be, whatever became of them. */
  restore(folder: string): Promise<void>
}
