import type { DurableEvent } from "@skein/protocol"
import {
  countingRandom,
  type Log,
  memoryLogs,
  openSession,
  type ScriptedModel,
  say,
  scriptedModel,
  submit,
  submitText,
  testEngine,
} from "@skein/testkit"
import type { RunningEngine } from "../src/index.ts"

export interface Reopened {
  readonly engine: RunningEngine
  readonly model: ScriptedModel
  readonly id: DurableEvent["sessionId"]
  /** Everything in the log now. */
  log(): Promise<Log>
}

/** A log as another process left it, in a new engine; opened when it is first used. */
export function reopened(left: Log, model = saying("ok"), ports: Parameters<typeof testEngine>[1] = {}): Reopened {
  const logs = memoryLogs([left])
  const [first] = left
  if (first === undefined) throw new Error("A log that was left has an event")
  const engine = testEngine(model, { logs, random: countingRandom(10_000), ...ports })
  return { engine, model, id: first.sessionId, log: () => logs.read(first.sessionId) }
}

/** A model that says the same, however often it is asked. */
export function saying(text: string): ScriptedModel {
  return scriptedModel(...Array.from({ length: 50 }, () => say(text)))
}

/** The log of a session in which one prompt was played to its end. */
export async function logOf(model: ScriptedModel, ports: Parameters<typeof testEngine>[1] = {}): Promise<Log> {
  const logs = memoryLogs()
  const engine = testEngine(model, { ...ports, logs })
  const session = await openSession(engine)
  await submit(engine, { type: "client.attach", sessionId: session.id, clientId: "cli_a", answers: ["approval"] })
  await submitText(engine, session.id, "go")
  await session.until("turn.ended")
  await engine.close()
  return logs.read(session.id)
}

/** The log up to and with the newest event of a type: as if the process had ended there. */
export function cutAfter(log: Log, type: DurableEvent["type"]): Log {
  const at = log.findLastIndex((event) => event.type === type)
  if (at < 0) throw new Error(`There is no ${type}`)
  return log.slice(0, at + 1)
}
