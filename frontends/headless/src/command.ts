import { type AskedCommand, jsonLine, type SessionId, visible } from "@skein/protocol"
import { EXIT } from "./exit-codes.ts"
import { Progress } from "./progress.ts"
import type { HeadlessRun } from "./run.ts"

type Commanding = Pick<HeadlessRun, "engine" | "sessionId" | "format" | "answer" | "progress"> & {
  readonly command: AskedCommand
}

/**
 * Runs a slash command that stands for no turn and prints what came of it; the exit code. In the `events` format stdout is
 * for events alone.
 */
export async function runHeadlessCommand(run: Commanding): Promise<number> {
  const { engine, sessionId, format, answer, progress, command } = run
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  const before = await engine.ask({ type: "agents.list", sessionId })
  const { text, isRefused } = await command.run()
  const say = isRefused || format === "events" ? progress : answer
  if (text !== "") say(text)
  await agentsAwaited(run, seq, new Set(before.map(({ childSessionId }) => childSessionId)))
  for (const notice of await noticesAfter(run, seq)) progress(`note    ${notice}`)
  return isRefused ? EXIT.failed : EXIT.completed
}

/** A sub-agent would end with this run: what the command began is waited for, and what it says is the answer. */
async function agentsAwaited(run: Commanding, seq: number, before: ReadonlySet<SessionId>): Promise<void> {
  const { engine, sessionId, format, answer, progress } = run
  const begun = await engine.ask({ type: "agents.list", sessionId })
  const atWork = new Set(begun.flatMap(({ childSessionId }) => (before.has(childSessionId) ? [] : [childSessionId])))
  if (atWork.size === 0) return
  const lines = new Progress()
  for await (const event of engine.events({ sessionId, from: seq + 1 })) {
    if (format === "events") answer(jsonLine(event))
    const line = event.type === "notice.posted" ? undefined : lines.line(event)
    if (line !== undefined) progress(line)
    if (event.type !== "subagent.ended") continue
    atWork.delete(event.childSessionId)
    if (format === "text" && event.text !== "") answer(visible(event.text))
    if (atWork.size === 0) return
  }
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
