import { type Closing, type Engine, type SessionId, SkeinError } from "@skein/protocol"
import { Conversation } from "./conversation.ts"
import type { Line } from "./line.ts"

export interface LinesOptions extends Line {
  /** Made for this conversation: when nothing comes of it, it is not kept. */
  readonly isNew?: boolean | undefined
  /** Each interrupt (Ctrl+C) or request to end. The returned function stops listening. */
  readonly onSignal: (handler: (signal: "SIGINT" | "SIGTERM") => void) => () => void
}

/** Two Ctrl+C within this time leave; the first only says so, as a line half typed is lost with it. */
const TWICE_MS = 3_000

/**
 * A conversation a line at a time: no cursor is moved, so it works in any terminal, pipe or screen reader. Throws
 * SkeinError when the session cannot be opened, as when another skein works in it.
 */
export async function runLines(options: LinesOptions): Promise<void> {
  const { engine, clientId, now } = options
  const enter = async (sessionId: SessionId) => {
    const events = engine.events({ sessionId, from: 1 })[Symbol.asyncIterator]()
    const answers = ["approval", "question"] as const
    const receipt = await engine.submit({ type: "client.attach", sessionId, clientId, answers })
    return { events, receipt }
  }
  const made = new Set(options.isNew === true ? [options.sessionId] : [])
  const talk = new Conversation(options, async (next, isNew, begin) => {
    const { events, receipt } = await enter(next)
    if (receipt.status === "rejected") {
      await events.return?.()
      return talk.say(`  ${receipt.message}`)
    }
    await leave(engine, talk.sessionId, made.has(talk.sessionId))
    await watching
    if (isNew) made.add(next)
    begin()
    watching = talk.watch(events)
  })
  const { events, receipt } = await enter(options.sessionId)
  if (receipt.status === "rejected") {
    await events.return?.()
    throw new SkeinError(receipt.code, receipt.message)
  }
  let watching = talk.watch(events)
  const left = Promise.withResolvers<Closing | undefined>()
  let interruptedAt = Number.NEGATIVE_INFINITY
  const stopListening = options.onSignal((signal) => {
    const isAgain = now() - interruptedAt < TWICE_MS
    interruptedAt = now()
    if (signal === "SIGTERM") left.resolve("terminated")
    else if (talk.isRunning) void talk.interrupt()
    else if (isAgain) left.resolve(undefined)
    else talk.hint("Ctrl+C again leaves; the session is kept.")
  })
  const why = await Promise.race([talk.read().then(() => undefined), left.promise])
  stopListening()
  if (why === undefined) await talk.interrupt()
  const isKept = await leave(engine, talk.sessionId, made.has(talk.sessionId), why)
  await watching
  talk.say(isKept ? `Kept. Go on with: skein resume ${talk.sessionId}` : "Nothing was said, so nothing is kept.")
}

/** Whether it is kept. One that was made here and holds its beginning alone would only stand in the way of the one before. */
async function leave(engine: Engine, sessionId: SessionId, isNew: boolean, why?: Closing): Promise<boolean> {
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  await engine.submit({ type: "session.close", sessionId, why })
  if (!isNew || seq > 1) return true
  return (await engine.submit({ type: "session.delete", sessionId })).status === "rejected"
}
