import type { SessionSummary } from "@skein/protocol"
import type { Io } from "../io.ts"
import { age, counted } from "../tell/amounts.ts"
import { table } from "../tell/table.ts"
import { clipped, clippedStart, oneLine } from "../tell/visible.ts"

/** What a session is called: its title, else how it began. */
export function nameOf({ title, preview }: Pick<SessionSummary, "title" | "preview">): string {
  return title ?? (preview === "" ? "(nothing said yet)" : preview)
}

/** A list of sessions for a person. Folders are told where not all are the same. */
export async function sessionTable(sessions: readonly SessionSummary[], io: Io): Promise<string[]> {
  const width = await io.columns()
  const chars = io.isOutputTerminal && width < WIDE_COLUMNS ? idChars(sessions) : undefined
  const isNarrow = io.isOutputTerminal && width < NARROW_COLUMNS
  const isFolderShown = new Set(sessions.map(({ cwd }) => cwd)).size > 1
  return table(
    [{}, { isRight: true }, { isRight: true }, { isFlexible: true }, {}, {}],
    sessions.map((session) => [
      session.sessionId.slice(0, chars),
      age(session.updatedAt, io.now()),
      isNarrow ? "" : turnsOf(session),
      nameOf(session),
      marksOf(session),
      isFolderShown ? session.cwd : "",
    ]),
    width,
  )
}

/** Where a whole id leaves a person no room for the name: as much of it as tells these sessions apart. */
const WIDE_COLUMNS = 110

/** Where the number of turns goes too. */
const NARROW_COLUMNS = 72

/** Ends of an id's parts: `ses_`, then eight characters, a dash, four … */
const ID_ENDS = [17, 22, 27]

function idChars(sessions: readonly SessionSummary[]): number | undefined {
  return ID_ENDS.find(
    (end) => new Set(sessions.map(({ sessionId }) => sessionId.slice(0, end))).size === sessions.length,
  )
}

/** One line of a picker, at most so many columns wide. */
export function pickerLine(session: SessionSummary, nowMs: number, columns: number, home: string | undefined): string {
  const head = `${age(session.updatedAt, nowMs).padStart(AGE_CHARS)}  ${turnsOf(session).padStart(TURNS_CHARS)}  `
  const third = Math.floor(columns / 3)
  const folder = home === undefined ? "" : clippedStart(oneLine(shortFolder(session.cwd, home)), third)
  const marks = clipped(oneLine(marksOf(session)), third)
  const end = [marks, folder].flatMap((text) => (text === "" ? [] : [`  ${text}`])).join("")
  const left = columns - head.length - Bun.stringWidth(end)
  return clipped(head + clipped(oneLine(nameOf(session)), Math.max(left, NAME_COLUMNS_MIN)) + end, columns)
}

/** All that a picker finds a session by. */
export function foundBy({ sessionId, title, preview, cwd, labels = [] }: SessionSummary): string {
  return [title ?? "", preview, cwd, sessionId, ...labels].join(" ")
}

const AGE_CHARS = 10
const TURNS_CHARS = 8
const NAME_COLUMNS_MIN = 8

function turnsOf({ turns }: SessionSummary): string {
  return turns === undefined ? "" : counted(turns, "turn")
}

function marksOf({ labels = [], isArchived, importedFrom, parent }: SessionSummary): string {
  return [
    ...labels.map((label) => `[${label}]`),
    ...(isArchived ? ["(archived)"] : []),
    ...(importedFrom === undefined ? [] : [`(from ${importedFrom})`]),
    ...(parent === undefined ? [] : [`(${parent.kind})`]),
  ].join(" ")
}

function shortFolder(folder: string, home: string): string {
  return home !== "" && (folder === home || folder.startsWith(`${home}/`)) ? `~${folder.slice(home.length)}` : folder
}
