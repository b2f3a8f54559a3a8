import type { DurableEvent, EventOf, InputPart, SessionFilter, SessionSummary } from "@skein/protocol"
import type { Folder } from "./folder.ts"

/** What a log tells of its session for a list: JSON, so that it can be kept and gone on with. */
export interface Row {
  readonly sessionId: SessionSummary["sessionId"]
  cwd: string
  folder?: Folder | undefined
  readonly createdAt: number
  readonly isInteractive: boolean
  readonly parent?: SessionSummary["parent"]
  readonly importedFrom?: string | undefined
  updatedAt: number
  title?: string | undefined
  preview?: string | undefined
  isArchived: boolean
  labels?: readonly string[] | undefined
  topics?: SessionSummary["topics"]
  visibility?: SessionSummary["visibility"]
  model: string
  turns: number
}

/** The types of the events that `addToRow` looks at. */
export const ROW_EVENTS = ["turn.started", "session.changed", "settings.changed"] as const

/** The id is the file's: a log may be a copy. */
export function startRow(sessionId: SessionSummary["sessionId"], created: EventOf<"session.created">): Row {
  const { workspace, parent, settings } = created
  return {
    sessionId,
    cwd: workspace.path,
    folder: workspace.folder,
    createdAt: created.at,
    updatedAt: created.at,
    isInteractive: created.isInteractive,
    isArchived: false,
    parent: parent && { sessionId: parent.sessionId, kind: parent.kind },
    importedFrom: created.source?.format,
    model: settings.model,
    turns: 0,
  }
}

/** Events of one type in their order; types among each other in any. */
export function addToRow(row: Row, event: DurableEvent): void {
  switch (event.type) {
    case "turn.started":
      row.turns++
      row.preview ??= previewOf(event.input)
      return
    case "session.changed":
      row.title = event.title ?? row.title
      row.isArchived = event.isArchived ?? row.isArchived
      row.topics = event.topics ?? row.topics
      row.labels = event.labels ?? row.labels
      row.visibility = event.visibility ?? row.visibility
      row.cwd = event.workspace?.path ?? row.cwd
      row.folder = event.workspace?.folder ?? row.folder
      return
    case "settings.changed":
      row.model = event.changes.model ?? row.model
  }
}

/** The newest event was written then. What a fork took along is older than it is. */
export function touch(row: Row, at: number): void {
  row.updatedAt = row.parent === undefined ? at : Math.max(row.createdAt, at)
}

export function summaryOf(row: Row): SessionSummary {
  const { folder: _, ...rest } = row
  return { ...rest, preview: row.preview ?? "", labels: row.labels?.length === 0 ? undefined : row.labels }
}

/** Whether a list with this filter has it; `isHere` knows the filter's folder. */
export function isListed(row: Row, filter: SessionFilter, isHere: (row: Row) => boolean): boolean {
  if (row.isArchived && filter.includesArchived !== true) return false
  if (!row.isInteractive && filter.includesNonInteractive !== true) return false
  if (row.parent?.kind === "subagent" && filter.includesSubagents !== true) return false
  if (filter.label !== undefined && row.labels?.includes(filter.label) !== true) return false
  const { topic } = filter
  if (topic !== undefined && row.topics?.primary !== topic && row.topics?.secondary.includes(topic) !== true)
    return false
  return filter.cwd === undefined || isHere(row)
}

/** Newest change first; of two at one time, the one whose id sorts last, so that the order is always the same. */
export function newestFirst(a: Row, b: Row): number {
  return b.updatedAt - a.updatedAt || (a.sessionId < b.sessionId ? 1 : -1)
}

const PREVIEW_CHARS_MAX = 200

/** The start of an input, on one line. */
export function previewOf(input: readonly InputPart[]): string {
  const line = textOf(input)
    .slice(0, PREVIEW_CHARS_MAX * 4)
    .replace(/\s+/g, " ")
    .trim()
  return line.length > PREVIEW_CHARS_MAX ? `${line.slice(0, PREVIEW_CHARS_MAX - 1)}…` : line
}

export function textOf(input: readonly InputPart[]): string {
  return input.map((part) => (part.type === "text" ? part.text : "[image]")).join(" ")
}
