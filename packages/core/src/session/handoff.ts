import type { Op, Receipt, SessionId } from "@skein/protocol"
import { ownSection } from "../context/own.ts"
import type { SessionActor } from "./actor.ts"
import { createSession } from "./create.ts"
import type { ActorPorts } from "./when-full.ts"

/** A new session that begins with what it must know of this one. The old one goes on as it is. */
export async function handOver(
  op: Op<"session.handoff">,
  actor: SessionActor,
  ports: ActorPorts,
  open: Map<SessionId, Promise<SessionActor>>,
): Promise<Receipt> {
  const { state } = actor
  const section = ownSection("handoff", await actor.handoff(op.goal), ports.tokens)
  return await createSession(
    {
      sessionId: op.newSessionId ?? ports.random.id("ses"),
      opId: op.opId,
      workspace: state.created.workspace,
      settings: state.settings,
      isInteractive: state.created.isInteractive,
      parent: { sessionId: op.sessionId, seq: state.seq, kind: "handoff" },
      events: [
        ...state.rules.map((rule) => ({ type: "rule.added", rule }) as const),
        ...(op.goal === undefined ? [] : [{ type: "goal.changed", goal: op.goal } as const]),
        { type: "context.loaded", placement: "inline", cause: "start", sections: [section] },
      ],
    },
    ports,
    open,
  )
}
