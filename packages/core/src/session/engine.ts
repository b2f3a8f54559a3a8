import {
  type Engine,
  type Event,
  type Op,
  type Query,
  type QueryAnswer,
  type Receipt,
  type SessionId,
  SkeinError,
  type Subscription,
} from "@skein/protocol"
import { begin, fold, withChanges } from "../transcript/fold.ts"
import { rejected, SessionActor } from "./actor.ts"
import { answer } from "./answer.ts"
import type { EnginePorts } from "./ports.ts"
import { stamp } from "./writer.ts"

/** An engine and the way to end it: every turn interrupted and settled, every log on disk and let go of. */
export interface RunningEngine extends Engine {
  close(): Promise<void>
}

/** Makes an engine of ports. Sessions open when they are first used. */
export function createEngine(ports: EnginePorts): RunningEngine {
  const open = new Map<SessionId, Promise<SessionActor>>()

  const actorOf = (sessionId: SessionId): Promise<SessionActor> => {
    const known = open.get(sessionId)
    if (known !== undefined) return known
    const opening = openSession(sessionId, ports)
    open.set(sessionId, opening)
    opening.catch(() => open.delete(sessionId))
    return opening
  }

  return {
    async submit(op) {
      try {
        if (op.type === "session.create") return await create(op, ports, open)
        const actor = await actorOf(op.sessionId)
        const receipt = await actor.take(op)
        if (op.type === "session.close") open.delete(op.sessionId)
        return receipt
      } catch (error) {
        if (error instanceof SkeinError) return rejected(error.code, error.message)
        throw error
      }
    },
    async ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>> {
      const state = async (sessionId: SessionId) => {
        const actor = await open.get(sessionId)
        return actor?.state ?? fold(await ports.logs.read(sessionId))
      }
      return answer(query, { ...ports, state })
    },
    events({ sessionId, from }: Subscription): AsyncIterable<Event> {
      return follow(actorOf(sessionId), from)
    },
    async close() {
      const actors = await Promise.allSettled(open.values())
      open.clear()
      await Promise.all(actors.map((actor) => (actor.status === "fulfilled" ? actor.value.close() : undefined)))
    },
  }
}

/** Starts listening at once, not at the first read: what happens between the two is not missed. */
function follow(opening: Promise<SessionActor>, from: number | undefined): AsyncIterable<Event> {
  const started = opening.then((actor) => actor.read(from))
  started.catch(() => undefined)
  return {
    async *[Symbol.asyncIterator]() {
      yield* await started
    },
  }
}

async function openSession(sessionId: SessionId, ports: EnginePorts): Promise<SessionActor> {
  const log = await ports.logs.open(sessionId)
  try {
    const actor = new SessionActor(fold(log.events), log, ports)
    await actor.recover()
    return actor
  } catch (error) {
    await log.close()
    throw error
  }
}

async function create(
  op: Op<"session.create">,
  ports: EnginePorts,
  open: Map<SessionId, Promise<SessionActor>>,
): Promise<Receipt> {
  const sessionId = op.sessionId ?? ports.random.id("ses")
  const known = op.opId === undefined ? undefined : await open.get(sessionId)
  if (op.opId !== undefined && known?.state.opsTaken.has(op.opId)) {
    return { status: "accepted", sessionId, seq: known.state.seq }
  }
  const settings = withChanges(ports.settings, op.settings ?? {})
  const [workspace, log] = await Promise.all([ports.locate(op.cwd), ports.logs.create(sessionId)])
  const created = stamp(
    {
      type: "session.created",
      workspace,
      settings,
      versions: { skein: ports.version },
      isInteractive: op.isInteractive ?? true,
    },
    { seq: 1, sessionId, id: ports.random.id("evt"), at: ports.clock.now(), causedBy: op.opId },
  )
  if (created.type !== "session.created") throw new Error("A stamp keeps the type")
  await log.append([created], { flush: false })
  open.set(sessionId, Promise.resolve(new SessionActor(begin(created), log, ports)))
  return { status: "accepted", sessionId, seq: 1 }
}
