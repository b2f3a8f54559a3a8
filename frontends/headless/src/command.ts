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
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  const { text, isRefused } = await runCommand(engine, sessionId, line)
  const say = isRefused || format === "events" ? progress : answer
  if (text !== "") say(text)
  for (const notice of await noticesAfter(run, seq)) progress(`note    ${notice}`)
  return isRefused ? EXIT.failed : EXIT.completed
}

/** What the session has said since event `seq`, as of files that an undo could not take back. */
async function noticesAfter({ engine, sessionId }: Commanding, seq: number): Promise<readonly string[]> {
  const { seq: newest } = await engine.ask({ type: "session.read", sessionId })
  const notices: string[] = []
  if (newest === seq) return notices
  for await (const event of engine.events({ sessionId, from: seq + 1 })) {
    if (event.type === "notice.posted") notices.push(event.text)
    if ("seq" in event && event.seq >= newest) break
  }
  return notices
}
