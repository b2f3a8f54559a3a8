import { type InputPart, knownCommandLine, runCommand } from "@skein/protocol"
import { EXIT } from "./exit-codes.ts"
import type { HeadlessRun } from "./run.ts"

type Commanding = Pick<HeadlessRun, "engine" | "sessionId" | "format" | "answer" | "progress"> & {
  readonly input: readonly InputPart[]
}

/**
 * Runs a prompt that is a slash command and prints what came of it; the exit code, or undefined when it is none. In the
 * `events` format stdout is for events alone.
 */
export async function runHeadlessCommand(run: Commanding): Promise<number | undefined> {
  const { engine, sessionId, format, answer, progress, input } = run
  const line = await knownCommandLine(engine, input)
  if (line === undefined) return undefined
  const { text, isRefused } = await runCommand(engine, sessionId, line)
  const say = isRefused || format === "events" ? progress : answer
  if (text !== "") say(text)
  return isRefused ? EXIT.failed : EXIT.completed
}
