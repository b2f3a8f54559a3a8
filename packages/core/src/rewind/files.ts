import type { CallId, DurableEvent, EventOf, FileVersion, ToolKind } from "@skein/protocol"
import type { RestoreStep } from "../ports/index.ts"
import { movedPath } from "../transcript/moved.ts"

/** An event that says what skein did to files. */
export type FileRecord = EventOf<"files.changed"> | EventOf<"files.restored">

/**
 * In order, of every branch: there is one workspace, however many conversations. With the paths of the folder as it is
 * now: after the newest move that is in the log, or at `path`.
 */
export function fileRecords(events: readonly DurableEvent[], path?: string): readonly FileRecord[] {
  let records: FileRecord[] = []
  let at: string | undefined
  const move = (to: string) => {
    const from = at
    if (from !== undefined && from !== to) records = records.map((record) => moved(record, from, to))
    at = to
  }
  for (const event of events) {
    if (event.type === "session.created") move(event.workspace.path)
    else if (event.type === "session.changed" && event.workspace !== undefined) move(event.workspace.path)
    else if (event.type === "files.changed" || event.type === "files.restored") records.push(event)
  }
  if (path !== undefined) move(path)
  return records
}

function moved(record: FileRecord, from: string, to: string): FileRecord {
  return { ...record, changes: record.changes.map((each) => ({ ...each, path: movedPath(each.path, from, to) })) }
}

/**
 * What takes the files back to how skein had left them after event `seq`: for each path, what it was before the first
 * change that follows, and what skein made of it last. A path that something else changed between two of skein's changes
 * is marked: whatever stands there now, taking it back would lose that. So is one that skein saw only after it had been
 * killed: who changed it last is not known.
 */
export function restoreSteps(records: readonly FileRecord[], seq: number): readonly RestoreStep[] {
  const steps = new Map<string, RestoreStep>()
  for (const record of records) {
    if (record.seq <= seq) continue
    for (const { path, before, after } of record.changes) {
      const known = steps.get(path)
      const isUncertain =
        known?.isUncertain === true || (record.type === "files.changed" && record.isUncertain === true)
      const isAnothers = known?.isInterrupted === true || (known !== undefined && isForeign(known, before))
      const target = known === undefined ? before : known.target
      const isInterrupted = isAnothers || isUncertain
      steps.set(path, { path, expected: after, target, isInterrupted, ...(isUncertain ? { isUncertain } : {}) })
    }
  }
  return [...steps.values()].filter((step) => step.isInterrupted || !isSame(step.expected, step.target))
}

/**
 * What was found is neither what skein had made nor what the path goes back to. The latter is what two see that ran at
 * once, and what somebody put back by themselves: nothing of theirs is lost by going there.
 */
function isForeign({ expected, target }: RestoreStep, found: FileVersion | null): boolean {
  return !isSame(expected, found) && !isSame(target, found)
}

/** What of the changes after event `seq` nobody watched, in sentences, each once. */
export function notCovered(records: readonly FileRecord[], seq: number): readonly string[] {
  const later = records.filter((record) => record.seq > seq)
  return [...new Set(later.flatMap((record) => (record.type === "files.changed" ? record.notCovered : [])))]
}

/**
 * The same of calls that were running when skein was stopped: what they had changed until then nobody recorded. In
 * sentences, one for each.
 */
export function notRecorded(events: readonly DurableEvent[], seq: number): readonly string[] {
  const titles = new Map<CallId, string>()
  for (const event of events) {
    if (event.seq <= seq) continue
    if (event.type === "call.requested" && !HARMLESS.has(event.kind)) titles.set(event.callId, event.title)
    if (event.type === "shell.started") titles.set(event.callId, `!${event.command}`)
    const isEnd = event.type === "call.settled" || event.type === "shell.ended"
    const isKnown = isEnd ? event.code !== "call.unknown_outcome" : event.type === "files.changed"
    if (isKnown && "callId" in event && event.callId !== undefined) titles.delete(event.callId)
  }
  const begins = events.filter((event) => event.type === "call.started" || event.type === "shell.started")
  const started = begins.map(({ callId }) => titles.get(callId))
  return started.flatMap((title) => (title === undefined ? [] : [unseenText(title)]))
}

/** Of a call that nobody saw end: what it does to files is seen when it ends. */
export function unseenText(title: string): string {
  return `skein was stopped while this ran: ${title}. What it changed in files is not known and stays as it is.`
}

/** What changes no file, however it ended. */
export const HARMLESS: ReadonlySet<ToolKind> = new Set(["read", "search", "think", "fetch"])

function isSame(a: FileVersion | null, b: FileVersion | null): boolean {
  if (a === null || b === null) return a === b
  if (a.kind === "file" && b.kind === "file") return a.sha256 === b.sha256 && a.mode === b.mode
  if (a.kind === "link" && b.kind === "link") return a.target === b.target
  return a.kind === "folder" && b.kind === "folder" && a.mode === b.mode
}
