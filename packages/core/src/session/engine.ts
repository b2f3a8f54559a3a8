import {
  type DurableEvent,
  type Engine,
  type Event,
  type Op,
  type OpId,
  type Query,
  type QueryAnswer,
  type Receipt,
  type SessionId,
  SkeinError,
  type Subscription,
} from "@skein/protocol"
import type { LogPort } from "../ports/index.ts"
import { begin, fold } from "../transcript/fold.ts"
import { withChanges } from "../transcript/settings.ts"
import { rejected, SessionActor } from "./actor.ts"
import { answer } from "./answer.ts"
import type { EnginePorts } from "./ports.ts"
import { stamp } from "./writer.ts"

/** An engine and the way to end it: every turn interrupted and settled, every log let go of, and none opened after. */
export interface RunningEngine extends Engine {
  close(): Promise<void>
}

/** Makes an engine of ports. Sessions open when they are first used. */
export function createEngine(ports: EnginePorts): RunningEngine {
  const open = new Map<SessionId, Promise<SessionActor>>()
  const created = new Map<OpId, Promise<Receipt>>()
  const making = new Set<Promise<Receipt>>()
  let isClosed = false
  const closed = () => new SkeinError("session.closed", "skein is being ended: no session is opened any more.")

  const actorOf = (sessionId: SessionId): Promise<SessionActor> => {
    const known = open.get(sessionId)
    if (known !== undefined) return known
    if (isClosed) return Promise.reject(closed())
    const opening = openSession(sessionId, ports)
    open.set(sessionId, opening)
    // Whoever asked for it is told; the next one may find it mended.
    opening.catch(() => open.delete(sessionId))
    return opening
  }

  /** Lets go of a session, so that it is opened anew when it is next used. */
  const forget = async (sessionId: SessionId, opening: Promise<SessionActor>) => {
    if (open.get(sessionId) === opening) open.delete(sessionId)
    const actor = await opening
    // What kept it from being settled was told to whoever wrote.
    await actor.close().catch(() => undefined)
  }

  const create = (op: Op<"session.create">): Promise<Receipt> => {
    const known = op.opId === undefined ? undefined : created.get(op.opId)
    if (known !== undefined) return known
    if (isClosed) return Promise.reject(closed())
    const receipt = createSession(op, ports, open)
    const { opId } = op
    if (opId !== undefined) created.set(opId, receipt)
    making.add(receipt)
    const over = () => void making.delete(receipt)
    // Whoever asked for it is told; the op may be tried again.
    receipt.then(over, () => {
      over()
      if (opId !== undefined) created.delete(opId)
    })
    return receipt
  }

  return {
    async submit(op) {
      try {
        if (op.type === "session.create") return await create(op)
        const opening = actorOf(op.sessionId)
        const actor = await opening
        const receipt = await actor.take(op)
        if (op.type === "session.close" || actor.isFailed) await forget(op.sessionId, opening)
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
      isClosed = true
      await Promise.allSettled(making)
      const actors = await Promise.allSettled(open.values())
      open.clear()
      await Promise.all(actors.map((actor) => (actor.status === "fulfilled" ? actor.value.close() : undefined)))
    },
  }
}

/** Starts listening at once, not at the first read: what happens between the two is not missed. */
function follow(opening: Promise<SessionActor>, from: number | undefined): AsyncIterable<Event> {
  const started = opening.then((actor) => actor.read(from))
  // Whoever reads is told, when they read.
  started.catch(() => undefined)
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => (await started).next(),
      // One that could not be opened has nothing to end.
      return: () =>
        started.then(
          (events) => events.return(),
          () => ({ done: true, value: undefined }),
        ),
    }),
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

async function createSession(
  op: Op<"session.create">,
  ports: EnginePorts,
  open: Map<SessionId, Promise<SessionActor>>,
): Promise<Receipt> {
  const sessionId = op.sessionId ?? ports.random.id("ses")
  // First, so that a folder that is not there, or cannot be worked in, leaves no log behind.
  const workspace = await ports.locate(op.cwd)
  const settings = withChanges(ports.settingsFor(workspace.path), op.settings ?? {})
  try {
    const log = await ports.logs.create(sessionId)
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
    await written(log, created)
    open.set(sessionId, Promise.resolve(new SessionActor(begin(created), log, ports)))
    return { status: "accepted", sessionId, seq: 1 }
  } catch (error) {
    const isSame = error instanceof SkeinError && error.code === "session.exists" && op.opId !== undefined
    if (isSame && (await madeBy(sessionId, ports)) === op.opId) return { status: "accepted", sessionId, seq: 1 }
    throw error
  }
}

async function written(log: LogPort, created: DurableEvent): Promise<void> {
  try {
    await log.append([created], { flush: false })
  } catch (error) {
    await log.close()
    throw error
  }
}

/** The op that made a session. */
async function madeBy(sessionId: SessionId, ports: EnginePorts): Promise<OpId | undefined> {
  const [created] = await ports.logs.read(sessionId)
  return created?.causedBy
}
