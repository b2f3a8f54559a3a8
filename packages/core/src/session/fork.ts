import type { Op, Receipt, SessionId } from "@skein/protocol"
import { prefixOf } from "../rewind/prefix.ts"
import { begin, fold, foldOnto } from "../transcript/fold.ts"
import type { SessionActor } from "./actor.ts"
import { type Beginning, createSession } from "./create.ts"
import { closing } from "./resume.ts"
import type { ActorPorts } from "./when-full.ts"
import { stamp } from "./writer.ts"

/** A session of its own that begins with another's conversation. The other is read, and stays as it is. */
export async function forkSession(
  op: Op<"session.fork">,
  ports: ActorPorts,
  open: Map<SessionId, Promise<SessionActor>>,
): Promise<Receipt> {
  const source = await ports.logs.read(op.sessionId)
  const { created } = fold(source)
  const workspace = op.cwd === undefined ? created.workspace : await ports.locate(op.cwd)
  const { seq, events: copied } = prefixOf(source, op.throughTurnId)
  // In a folder of its own there is nothing of the other's to take back.
  const isElsewhere = workspace.path !== created.workspace.path
  const events = isElsewhere ? copied.filter(({ type }) => !type.startsWith("files.")) : copied
  const beginning: Beginning = {
    sessionId: op.newSessionId ?? ports.random.id("ses"),
    opId: op.opId,
    workspace,
    // As the original began; what was changed since is among the events.
    settings: created.settings,
    isInteractive: created.isInteractive,
    parent: { sessionId: op.sessionId, seq, kind: "fork" },
    events,
  }
  // A turn that runs there ends here.
  const stamped = events.map(({ at, ...draft }, index) =>
    stamp(draft, { seq: index + 2, sessionId: beginning.sessionId, id: created.id, at, causedBy: undefined }),
  )
  const ends = closing(foldOnto(begin(created), stamped))
  return await createSession({ ...beginning, events: [...events, ...ends] }, ports, open)
}
