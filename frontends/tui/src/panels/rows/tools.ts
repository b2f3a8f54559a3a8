import type { CallId, SessionId } from "@skein/protocol"
import type { Line, Span } from "@skein/term"
import { bytesText, durationText } from "../../view/amounts.ts"
import type { Look } from "../../view/look.ts"
import { sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { padStart } from "../../view/text/width.ts"
import type { Panel } from "../panel.ts"
import { type RowKey, rowsPanel } from "./rows.ts"

/** A call that runs, or a process that it left behind. */
export interface ToolRow {
  readonly callId: CallId
  readonly sessionId: SessionId
  readonly name: string
  readonly title: string
  readonly state: "foreground" | "background" | "attached"
  readonly elapsedMs: number
  readonly bytes?: number | undefined
  /** The newest line of its output. */
  readonly preview?: string | undefined
}

const NOT_YET = "Not there yet: a call runs in the foreground until it ends, or x stops it."

/** What runs, in front and behind: how long, how much it has said, and its newest line; as they are whenever it is drawn. */
export function toolsPanel(tools: () => readonly ToolRow[]): Panel {
  return rowsPanel<ToolRow>({
    head: ({ theme, columns, glyphs }) =>
      sides(
        [{ text: "  tools", style: theme.strong }],
        [{ text: `${tools().length} running`, style: theme.dim }],
        columns - 2,
        glyphs.more,
      ),
    rows: tools,
    idOf: ({ callId }) => callId,
    draw: toolLine,
    empty: "Nothing runs.",
    keys: [
      notYet("f", "foreground"),
      notYet("b", "background"),
      notYet("a", "attach"),
      {
        ...{ chord: "x", name: "stop", isLast: false, confirm: ({ name }) => `Stop ${name}?` },
        act: ({ sessionId, callId }) => [
          { type: "op", op: { type: "call.cancel", sessionId, callId }, done: "Stopped." },
        ],
      },
    ],
  })
}

/** What the engine cannot do yet says so. */
function notYet(chord: string, name: string): RowKey<ToolRow> {
  return { chord, name, isLast: false, act: () => NOT_YET }
}

function toolLine({ name, title, state, elapsedMs, bytes, preview }: ToolRow, look: Look): Line {
  const { theme, glyphs, columns } = look
  const newest = preview === undefined || columns < WIDE ? "" : `   ${glyphs.continued} ${safeLine(preview)}`
  const left: Span[] = [
    { text: `${glyphs.running} `, style: theme.running },
    { text: safeLine(name), style: theme.strong },
    { text: `   ${safeLine(title)}` },
    { text: newest, style: theme.dim },
  ]
  const size = bytes === undefined ? "" : bytesText(bytes)
  const numbers = `${padStart(durationText(elapsedMs), 8)}${padStart(size, 9)}`
  const right = columns < NARROW ? durationText(elapsedMs) : columns < WIDE ? numbers : `${state}  ${numbers}`
  return sides(left, [{ text: right, style: theme.dim }], columns, glyphs.more)
}

const NARROW = 50
const WIDE = 100
