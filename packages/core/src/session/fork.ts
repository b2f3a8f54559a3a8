import type { DurableDraft, DurableEvent, Op, Receipt, SessionId, TurnId, Workspace } from "@skein/protocol"
import { prefixOf } from "../rewind/prefix.ts"
import { begin, fold, foldOnto } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import type { SessionActor } from "./actor.ts"
import type { Beginning } from "./beginning.ts"
import { createSession } from "./create.ts"
import { closing, processesLost, shellsLost } from "./resume.ts"
import type { ActorPorts } from "./when-full.ts"
import { stamp } from "./writer.ts"

/** A session of its own that begins with another's conversation. The other is read, and stays as it is. */
export async function forkSession(
  op: Op<"session.fork">,
  ports: ActorPorts,
  open: Map<SessionId, Promise<SessionActor>>,
): Promise<Receipt> {
  const source = await ports.logs.read(op.sessionId)
  const [created] = source
  if (created?.type !== "session.created") throw new Error("A log starts with session.created")
  const { seq, events } = copiesOf(source, op.throughTurnId, await folderOf(op, fold(source), ports))
  const beginning: Beginning = {
    sessionId: op.newSessionId ?? ports.random.id("ses"),
    opId: op.opId,
    workspace: created.workspace,
    // As the original began; what was changed since is among the events.
    settings: created.settings,
    isInteractive: created.isInteractive,
    parent: { sessionId: op.sessionId, seq, kind: "fork" },
    events,
  }
  // A turn that runs there ends here.
  const stamped = events.map(({ at = 0, ...draft }, index) =>
    stamp(draft, { seq: index + 2, sessionId: beginning.sessionId, id: created.id, at, causedBy: undefined }),
  )
  const folded = foldOnto(begin(created), stamped)
  const ends = [...shellsLost(folded), ...processesLost(folded), ...closing(folded)]
  return await createSession({ ...beginning, events: [...events, ...ends] }, ports, open)
}

interface ForkFolder {
  readonly workspace: Workspace
  /** Not the folder of the session that is forked, wherever that is now. */
  readonly isAnother: boolean
}

async function folderOf(op: Op<"session.fork">, { created }: SessionState, ports: ActorPorts): Promise<ForkFolder> {
  if (op.cwd === undefined) return { workspace: created.workspace, isAnother: false }
  const workspace = await ports.locate(op.cwd)
  const { folder, path } = created.workspace
  const isRenamed =
    folder !== undefined && folder.inode === workspace.folder?.inode && folder.bornMs === workspace.folder.bornMs
  return { workspace, isAnother: workspace.path !== path && !isRenamed }
}

/** The conversation as far as it is taken along, and where it goes on. */
function copiesOf(
  source: readonly DurableEvent[],
  throughTurnId: TurnId | undefined,
  { workspace, isAnother }: ForkFolder,
): { readonly seq: number; readonly events: readonly (DurableDraft & { readonly at?: number })[] } {
  const { seq, events } = prefixOf(source, throughTurnId)
  // In a folder of its own there is nothing of the other's to take back.
  const copied = isAnother ? events.filter(({ type }) => !type.startsWith("files.")) : events
  const [created] = source
  const isMoved = created?.type === "session.created" && created.workspace.path !== workspace.path
  return { seq, events: isMoved ? [...copied, { type: "session.changed", workspace }] : copied }
}
