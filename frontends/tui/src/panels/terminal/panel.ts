import type { ProcessId, SessionId } from "@skein/protocol"
import type { Frame, Line, Span } from "@skein/term"
import type { Cell } from "@skein/term/emulator"
import type { Look } from "../../view/look.ts"
import { sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import type { Panel } from "../panel.ts"
import { sentFor } from "./keys.ts"

/** A process whose screen is looked at, as it is at the moment. */
export interface AttachedScreen {
  readonly sessionId: SessionId
  readonly processId: ProcessId
  readonly name: string
  readonly command: string
  /** It has no terminal: nothing is typed into it. */
  readonly isPty: boolean
  isRunning(): boolean
  cells(): readonly (readonly Cell[])[]
  /** Shown or not. */
  caret(): { readonly row: number; readonly column: number; readonly isShown: boolean }
  modes(): ReadonlySet<number>
}

/** The key that leaves: every other is the program's. */
const DETACH = "ctrl+]"

/** The screen of a process, whose keys go to it. It goes on when it is left. */
export function terminalPanel(attached: AttachedScreen): Panel {
  const panel: Panel = {
    extent: "whole",
    key(input) {
      const isKey = input.kind === "key"
      if (isKey && input.chord === DETACH) return { kind: "leave", intents: [] }
      const { sessionId, processId, isPty } = attached
      if (!attached.isRunning() || !isPty) {
        const isLeaving = isKey && ["escape", "q", "ctrl+c"].includes(input.chord)
        return isLeaving ? { kind: "leave", intents: [] } : { kind: "stay", panel }
      }
      const sent = sentFor(input, attached.modes())
      if (sent === undefined) return { kind: "stay", panel }
      const base64 = Buffer.from(sent).toString("base64")
      return {
        kind: "do",
        panel,
        intents: [{ type: "op", op: { type: "process.input", sessionId, processId, base64 } }],
      }
    },
    view: (look, rows) => terminalView(attached, look, rows),
  }
  return panel
}

function terminalView(attached: AttachedScreen, look: Look, rows: number): Frame {
  const { theme, columns, glyphs } = look
  const isRunning = attached.isRunning()
  const all = attached.cells()
  const { row, column, isShown } = attached.caret()
  const room = Math.max(1, rows - 1)
  // Where the program writes stays in view, however small the screen has become.
  const top = Math.max(0, Math.min(all.length - room, Math.max(row - room + 1, lastUsed(all) - room + 1, 0)))
  const shown = all.slice(top, top + room).map((cells) => lineOf(cells, columns))
  const fill = Array.from({ length: Math.max(0, room - shown.length) }, (): Line => [])
  const how = !isRunning
    ? "it has ended · esc back"
    : attached.isPty
      ? "ctrl+] leaves it running"
      : "esc leaves it running"
  const foot = sides(
    [
      { text: ` ${safeLine(attached.name)} `, style: theme.strong },
      { text: safeLine(attached.command), style: theme.dim },
    ],
    [{ text: how, style: isRunning ? theme.dim : theme.warning }],
    columns,
    glyphs.more,
  )
  const place = row - top
  const hasCaret = isRunning && isShown && attached.isPty && place >= 0 && place < room && column < columns
  return { lines: [...shown, ...fill, foot], ...(hasCaret ? { caret: { row: place, column } } : {}) }
}

function lastUsed(all: readonly (readonly Cell[])[]): number {
  return all.findLastIndex((cells) => cells.some(({ text }) => text.trim() !== ""))
}

/** Neighbours of one look are one span; what a program put there can move nothing: each cell is a character. */
function lineOf(cells: readonly Cell[], columns: number): Line {
  const spans: Span[] = []
  let text = ""
  let style: Cell["style"] | undefined
  const end = () => {
    if (text !== "") spans.push(style === undefined ? { text } : { text, style })
    text = ""
  }
  for (const cell of cells.slice(0, columns)) {
    if (cell.style !== style) end()
    style = cell.style
    text += cell.text
  }
  end()
  return spans
}
