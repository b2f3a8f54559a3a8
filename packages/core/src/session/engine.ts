import {
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
import { statusesOf } from "../agents/reports.ts"
import type { Happening, HookOutcome } from "../ports/index.ts"
import { fold } from "../transcript/fold.ts"
import { resuming } from "../transcript/resumed.ts"
import { SessionActor } from "./actor.ts"
import { beginningOf, createSession } from "./create.ts"
import { followElsewhere } from "./elsewhere.ts"
import type { EnginePorts } from "./ports.ts"
import { rejected } from "./receipts.ts"
import type { ActorPorts } from "./when-full.ts"

/** An engine and the way to end it: every turn interrupted and settled, every log let go of, and none opened after. */
export interface RunningEngine extends Engine {
  /** Runs hooks of what happens beside a session's turns, on its record. Undefined where it is not open, or none is set. */
  happened(sessionId: SessionId, what: Happening, signal: AbortSignal): Promise<HookOutcome | undefined>
  close(): Promise<void>
}

/** Makes an engine of ports. Sessions open when they are first used. */
export function createEngine(given: EnginePorts): RunningEngine {
  const ports: ActorPorts = {
    ...given,
    handOver: (sessionId) => engine.submit({ type: "session.handoff", sessionId }),
    family: {
      async begin(beginning) {
        if (isClosed) throw closed()
        await createSession(beginning, ports, open)
        return (await linked(await actorOf(beginning.sessionId))).asChild
      },
      open: async (sessionId) => (await linked(await actorOf(sessionId))).asChild,
      async letGo(sessionId) {
        const opening = open.get(sessionId)
        const actor = await opening
        if (opening === undefined || actor?.asChild.isKept === true || actor?.asChild.isWatched === true) return
        await forget(sessionId, opening)
      },
    },
  }
  const open = new Map<SessionId, Promise<SessionActor>>()
  const created = new Map<OpId, Promise<Receipt>>()
  const making = new Set<Promise<Receipt>>()
  let isClosed = false
  const closed = () => new SkeinError("session.closed", "skein is being ended: no session is opened any more.")

  /** Being closed: whoever opens one of them again waits for that. */
  const leaving = new Map<SessionId, Promise<void>>()

  /** A child knows what is above it. */
  const linked = async (actor: SessionActor): Promise<SessionActor> => {
    const { parent } = actor.state.created
    if (parent?.kind !== "subagent") return actor
    const known = await open.get(parent.sessionId)
    const above =
      known?.asParent ?? (await (await import("../agents/absent-parent.ts")).absentParent(parent.sessionId, ports))
    if (above !== undefined) actor.asChild.join(above)
    ports.mcp?.inherit(actor.state.sessionId, parent.sessionId)
    return actor
  }

  const actorOf = (sessionId: SessionId): Promise<SessionActor> => {
    const known = open.get(sessionId)
    if (known !== undefined) return known
    if (isClosed) return Promise.reject(closed())
    const opening = (leaving.get(sessionId) ?? Promise.resolve()).then(async () =>
      linked(await openSession(sessionId, ports)),
    )
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
    const gone = actor.close().catch(() => undefined)
    leaving.set(sessionId, gone)
    await gone
    if (leaving.get(sessionId) === gone) leaving.delete(sessionId)
  }

  const makeSession = async (op: Op<"session.create" | "session.fork" | "session.handoff">): Promise<Receipt> => {
    if (op.type === "session.create") {
      const receipt = await createSession(await beginningOf(op, ports), ports, open)
      if (op.clears !== undefined) (await open.get(op.clears))?.hooks.isClearing()
      return receipt
    }
    if (op.type === "session.fork") return (await import("./fork.ts")).forkSession(op, ports, open)
    return (await import("./handoff.ts")).handOver(op, await actorOf(op.sessionId), ports, open)
  }

  const remove = async (op: Op<"session.delete">): Promise<Receipt> => {
    const opening = open.get(op.sessionId)
    if (opening !== undefined) await forget(op.sessionId, opening)
    await ports.logs.delete(op.sessionId)
    return { status: "accepted", sessionId: op.sessionId, seq: 0 }
  }

  const create = (op: Op<"session.create" | "session.fork" | "session.handoff">): Promise<Receipt> => {
    const known = op.opId === undefined ? undefined : created.get(op.opId)
    if (known !== undefined) return known
    if (isClosed) return Promise.reject(closed())
    const receipt = makeSession(op)
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

  const engine: RunningEngine = {
    async submit(op) {
      try {
        if (op.type === "session.create" || op.type === "session.fork" || op.type === "session.handoff") {
          return await create(op)
        }
        if (op.type === "session.delete") return await remove(op)
        const opening = actorOf(op.sessionId)
        const actor = await opening
        const receipt = await actor.take(op)
        const isLeft = op.type === "session.close" && !actor.asChild.isKept
        if (isLeft || actor.isFailed) await forget(op.sessionId, opening)
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
      const children = async (sessionId: SessionId) =>
        (await open.get(sessionId))?.children ?? statusesOf(await state(sessionId))
      // What most sessions never need is loaded when it is asked for.
      const { answer } = await import("./answer.ts")
      const isOpen = (sessionId: SessionId) => open.has(sessionId)
      const processOutput = async (asked: Extract<Query, { type: "process.output" }>) =>
        (await open.get(asked.sessionId))?.processOutput(asked)
      return answer(query, { ...ports, state, isOpen, processOutput, children })
    },
    events({ sessionId, from, isReadOnly }: Subscription): AsyncIterable<Event> {
      if (isReadOnly === true && !open.has(sessionId)) return followElsewhere(ports.logs, sessionId, from)
      return follow(actorOf(sessionId), from)
    },
    happened: async (sessionId, what, signal) => (await open.get(sessionId))?.hooks.happened(what, signal),
    async close() {
      isClosed = true
      await Promise.allSettled(making)
      const actors = await Promise.allSettled(open.values())
      open.clear()
      await Promise.all(actors.map((actor) => (actor.status === "fulfilled" ? actor.value.close() : undefined)))
    },
  }
  return engine
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

async function openSession(sessionId: SessionId, ports: ActorPorts): Promise<SessionActor> {
  const reader = resuming(ports.version)
  const log = await ports.logs.open(sessionId, reader)
  try {
    const state = reader.state() ?? fold(await ports.logs.read(sessionId))
    const actor = new SessionActor(state, log, ports)
    await actor.recover()
    return actor
  } catch (error) {
    await log.close()
    throw error
  }
}
