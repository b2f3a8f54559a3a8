import {
  type DurableDraft,
  type DurableEvent,
  type Op,
  type OpId,
  type Receipt,
  type SessionId,
  SkeinError,
  withChanges,
} from "@skein/protocol"
import type { LogPort } from "../ports/index.ts"
import { begin, foldOnto } from "../transcript/fold.ts"
import { SessionActor } from "./actor.ts"
import type { Beginning } from "./beginning.ts"
import type { EnginePorts } from "./ports.ts"
import { recordSettings } from "./record.ts"
import { withTier } from "./tiers.ts"
import type { ActorPorts } from "./when-full.ts"
import { stamp } from "./writer.ts"

/** A new session as its client asks for it. Throws SkeinError. */
export async function beginningOf(op: Op<"session.create">, ports: EnginePorts): Promise<Beginning> {
  // First, so that a folder that is not there, or cannot be worked in, leaves no log behind.
  const workspace = await ports.locate(op.cwd)
  const settings = ports.settingsFor(workspace.path)
  return {
    sessionId: op.sessionId ?? ports.random.id("ses"),
    opId: op.opId,
    workspace,
    settings: withChanges(settings, withTier(op.settings ?? {}, settings, workspace.path, ports)),
    isInteractive: op.isInteractive ?? true,
    ...(op.clears === undefined ? {} : { origin: "clear" }),
  }
}

/** Makes the log and its session. The same op again finds the session it made. Throws SkeinError. */
export async function createSession(
  beginning: Beginning,
  ports: ActorPorts,
  open: Map<SessionId, Promise<SessionActor>>,
): Promise<Receipt> {
  const { sessionId, opId } = beginning
  try {
    const [created, ...rest] = stamped(beginning, ports)
    if (created?.type !== "session.created") throw new Error("A stamp keeps the type")
    const state = foldOnto(begin(created), rest)
    // Without a record one may still talk: whatever it would do needs a record of its own, and is refused.
    await recordSettings(sessionId, state.settings, ports).catch(ports.onDefect)
    const log = await ports.logs.create(sessionId)
    await written(log, [created, ...rest])
    // What a fork takes along was recorded where it happened.
    ports.meter.record([created])
    const origin = beginning.parent?.kind === "fork" ? "fork" : beginning.origin
    open.set(sessionId, Promise.resolve(new SessionActor(state, log, ports, origin)))
    return { status: "accepted", sessionId, seq: state.seq }
  } catch (error) {
    const isSame = error instanceof SkeinError && error.code === "session.exists" && opId !== undefined
    if (isSame && (await madeBy(sessionId, ports)) === opId) return { status: "accepted", sessionId, seq: 1 }
    throw error
  }
}

function stamped(beginning: Beginning, ports: EnginePorts): DurableEvent[] {
  const { sessionId, opId, workspace, settings, isInteractive, parent, agent, events = [] } = beginning
  const now = ports.clock.now()
  const created: DurableDraft = {
    ...{ type: "session.created", workspace, settings, versions: { skein: ports.version }, isInteractive },
    ...(parent === undefined ? {} : { parent }),
    ...(agent === undefined ? {} : { agent }),
  }
  return [created, ...events].map((draft, index) => {
    const { at = now, ...fields } = "at" in draft ? draft : { ...draft, at: now }
    const id = ports.random.id("evt")
    return stamp(fields, { seq: index + 1, sessionId, id, at, causedBy: index === 0 ? opId : undefined })
  })
}

async function written(log: LogPort, events: readonly DurableEvent[]): Promise<void> {
  try {
    // One that holds a conversation from the start is on disk before anybody is told of it.
    await log.append(events, { flush: events.length > 1 })
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
