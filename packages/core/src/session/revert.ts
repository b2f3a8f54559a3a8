import { type Op, SkeinError } from "@skein/protocol"
import { takenBack } from "../context/own.ts"
import { fileRecords } from "../rewind/files.ts"
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
  { path, sha256, hunk, opId }: Op<"files.revert">,
  { state, writer, ports }: Reverting,
): Promise<void> {
  const records = fileRecords(await ports.logs.read(state.sessionId))
  if (!records.some(({ changes }) => changes.some((change) => change.path === path))) {
    throw new SkeinError("op.invalid", `${path} is none of the files that skein changed in this session.`)
  }
  const change = await ports.checkpoints.revertHunk({ path, sha256, hunk })
  const changes = [change]
  const restored = { type: "files.restored", toSeq: state.seq, changes, conflicts: [], isHunk: true } as const
  await writer.emit([restored, takenBack(changes, ports.tokens)], { flush: true, causedBy: opId })
}
