import { type DurableEvent, SkeinError } from "@skein/protocol"
import { contextSize } from "../context/size.ts"
import { type SessionsPort, ToolFailure } from "../ports/index.ts"
import { type FileRecord, fileRecords, restoreSteps } from "../rewind/files.ts"
import { callOf } from "../transcript/calls.ts"
import { fold } from "../transcript/fold.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import { viewOf } from "./view.ts"

/** What the tools of one session may ask of sessions. */
export function sessionsFor(state: SessionState, ports: EnginePorts): SessionsPort {
  const stepsOf = async (calls: number) => {
    // What the person did themselves is not the model's to take back: a path that they changed since is a conflict.
    const records = fileRecords(await ports.logs.read(state.sessionId)).filter((record) => !isPersons(record))
    const first = records.filter(({ type, changes }) => type === "files.changed" && changes.length > 0).at(-calls)
    if (first === undefined) throw new ToolFailure(`There are not ${calls} calls that changed files to take back.`)
    return restoreSteps(records, first.seq - 1)
  }
  return {
    undoPreview: async (calls) => ports.checkpoints.preview(await stepsOf(calls)),
    async undo(calls) {
      const { changes } = await asFailure(ports.checkpoints.restore(await stepsOf(calls), "refuse"))
      return changes
    },
    async changesSinceStart() {
      const records = fileRecords(await ports.logs.read(state.sessionId))
      return asFailure(ports.checkpoints.diff(restoreSteps(records, 0)))
    },
    async lastChangedBy() {
      const records = fileRecords(await ports.logs.read(state.sessionId))
      const last = records.findLast(({ changes }) => changes.length > 0)
      const call = last?.type === "files.changed" && !isPersons(last) ? callOf(state, last.callId) : undefined
      if (call === undefined) return undefined
      // One tool may carry the call of another.
      return ports.tools.describe(call.name, call.input, state.created.workspace.path).tool ?? call.name
    },
    search: (text, limit) => ports.catalogue.search({ text, limit }),
    async read(sessionId) {
      const events: readonly DurableEvent[] = await asFailure(ports.logs.read(sessionId))
      return viewOf(fold(events, { keepsPast: true }))
    },
    contextSize: () => contextSize(state, ports),
  }
}

function isPersons(record: FileRecord): boolean {
  return record.type === "files.changed" ? record.isPersons === true : record.isHunk === true
}

/** What the world refused a tool is for the model to read. */
async function asFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof SkeinError) throw new ToolFailure(error.message, { cause: error })
    throw error
  }
}
