import type { DurableDraft, Op } from "@skein/protocol"
import { takenBack } from "../context/own.ts"
import type { Restored } from "../ports/index.ts"
import { fileRecords, restoreSteps } from "../rewind/files.ts"
import { destination } from "../rewind/target.ts"
import { fold } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import { followFolder } from "./relocate.ts"
import type { SessionWriter } from "./writer.ts"

interface Rewinding {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: EnginePorts
}

/**
 * Takes an idle session back, or forward: files first, and when they cannot be taken back nothing was. Throws SkeinError
 * `checkpoint.conflict`, or `op.invalid` when there is no such place to go to.
 */
export async function rewindSession(
  { to, scope: wanted, onConflict = "refuse", opId }: Op<"session.rewind">,
  { state, writer, ports }: Rewinding,
): Promise<void> {
  if (wanted !== "chat") await followFolder(state, writer, ports)
  const events = await ports.logs.read(state.sessionId)
  const { toSeq, scope } = destination(events, to, wanted)
  const drafts: DurableDraft[] = scope === "code" ? [] : [{ type: "session.rewound", toSeq }]
  if (scope !== "chat") {
    const steps = restoreSteps(fileRecords(events), toSeq)
    const { changes, conflicts } = await ports.checkpoints.restore(steps, onConflict)
    if (changes.length + conflicts.length > 0) drafts.push({ type: "files.restored", toSeq, changes, conflicts })
    // Who chose to leave them knows.
    if (conflicts.length > 0 && onConflict !== "skip") drafts.push(leftAlone(conflicts))
    if (scope === "code" && changes.length > 0) drafts.push(takenBack(changes, ports.tokens))
  }
  if (drafts.length === 0 && opId !== undefined) drafts.push({ type: "op.accepted", opId })
  const past = scope === "code" ? undefined : fold(events.filter((event) => event.seq <= toSeq))
  await writer.emit(drafts, { flush: true, causedBy: opId, past })
}

/** A merge that cannot be made, or bytes that are gone, leave a file as it is: nobody may think that it went back. */
function leftAlone(conflicts: Restored["conflicts"]): DurableDraft {
  const shown = conflicts.slice(0, LEFT_MAX).map(({ path, reason }) => `${path}: ${reason}`)
  const more = conflicts.length > LEFT_MAX ? [`and ${conflicts.length - LEFT_MAX} more`] : []
  const what = conflicts.length === 1 ? "1 file could" : `${conflicts.length} files could`
  const text = `${what} not go back and ${conflicts.length === 1 ? "is" : "are"} as before: ${[...shown, ...more].join("; ")}.`
  return { type: "notice.posted", level: "warning", text, code: "checkpoint.conflict" }
}

const LEFT_MAX = 10
