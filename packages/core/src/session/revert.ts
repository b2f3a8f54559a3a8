import { type FileVersion, type Op, SkeinError } from "@skein/protocol"
import { takenBack } from "../context/own.ts"
import { type FileRecord, fileRecords, restoreSteps } from "../rewind/files.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import type { SessionWriter } from "./writer.ts"

interface Reverting {
  readonly state: SessionState
  readonly writer: SessionWriter
  readonly ports: EnginePorts
}

/**
 * Takes one hunk of what skein changed out of a file again. It stands in the log as a restore of that file, so an undo
 * goes to before it and a redo brings it back. Throws SkeinError, and then nothing was touched.
 */
export async function revertHunk(
  { path, sha256, hunk, onConflict = "refuse", opId }: Op<"files.revert">,
  { state, writer, ports }: Reverting,
): Promise<void> {
  const records = fileRecords(await ports.logs.read(state.sessionId))
  if (!records.some(({ changes }) => changes.some((change) => change.path === path))) {
    throw new SkeinError("op.invalid", `${path} is none of the files that skein changed in this session.`)
  }
  if (onConflict === "refuse" && isAnothers(records, path, sha256)) {
    const why = "Somebody else changed it too, and lines of theirs would be lost"
    throw new SkeinError(
      "checkpoint.foreign",
      `Nothing of ${path} was taken back. ${why}, as far as the hunk holds any.`,
    )
  }
  const isNew = restoreSteps(records, 0).some((step) => step.path === path && step.target === null)
  const change = await ports.checkpoints.revertHunk({ path, sha256, hunk, isNew })
  const changes = [change]
  const restored = { type: "files.restored", toSeq: state.seq, changes, conflicts: [], isHunk: true } as const
  await writer.emit([restored, takenBack(changes, ports.tokens)], { flush: true, causedBy: opId })
}

/** Whether the file is not as skein left it, or something else changed it between two of skein's changes. */
function isAnothers(records: readonly FileRecord[], path: string, sha256: string): boolean {
  const step = restoreSteps(records, 0).find((each) => each.path === path)
  return step?.isInterrupted === true || shaOf(leftAs(records, path)) !== sha256
}

function leftAs(records: readonly FileRecord[], path: string): FileVersion | null | undefined {
  return records.flatMap(({ changes }) => changes).findLast((change) => change.path === path)?.after
}

function shaOf(version: FileVersion | null | undefined): string | undefined {
  return version?.kind === "file" ? version.sha256 : undefined
}
