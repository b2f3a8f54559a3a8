import type { CallId, ProcessId, SessionId } from "@skein/protocol"
import type { Line, Span } from "@skein/term"
import type { Intent } from "../../intent.ts"
import { bytesText, durationText } from "../../view/amounts.ts"
import type { Look } from "../../view/look.ts"
import { sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { padStart } from "../../view/text/width.ts"
import type { Panel } from "../panel.ts"
import { type RowKey, rowsPanel } from "./rows.ts"

/** A call that runs, or a process that goes on beside the turns. */
export interface ToolRow {
  readonly callId: CallId
  readonly sessionId: SessionId
  /** Of a process. */
  readonly processId?: ProcessId | undefined
  readonly name: string
  readonly title: string
  readonly state: "foreground" | "background" | "terminal"
  readonly elapsedMs: number
  readonly bytes?: number | undefined
  /** The newest line of its output. */
  readonly preview?: string | undefined
}

/** What runs, in front and behind: how long, how much it has said, and its newest line; as they are whenever it is drawn. */
export function toolsPanel(tools: () => readonly ToolRow[]): Panel {
  const behind = () => tools().filter(({ processId }) => processId !== undefined)
  const count = () => {
    const [all, behindCount] = [tools().length, behind().length]
    return behindCount === 0 ? `${all} running` : `${all} running, ${behindCount} in the background`
  }
  return rowsPanel<ToolRow>({
    head: ({ theme, columns, glyphs }) =>
      sides(
        [{ text: "  tools", style: theme.strong }],
        [{ text: count(), style: theme.dim }],
        columns - 2,
        glyphs.more,
      ),
    rows: tools,
    idOf: ({ callId, processId }) => processId ?? callId,
    draw: toolLine,
    empty: "Nothing runs.",
    keys: [
      { chord: "enter", name: "attach", isLast: false, act: attached },
      { chord: "b", name: "background", isLast: false, act: moved },
      { chord: "e", name: "end input", isLast: false, act: closed },
      {
        ...{ chord: "x", name: "stop", isLast: false, confirm: ({ name }) => `Stop ${name}?` },
        act: (row) => [stopped(row)],
      },
      {
        ...{
          chord: "K",
          name: "kill",
          isLast: false,
          confirm: ({ name }) => `Kill ${name}, without a chance to tidy up?`,
        },
        act: killed,
      },
      {
        ...{ chord: "X", name: "all", isLast: false },
        confirm: () => `Stop all ${behind().length} in the background?`,
        act: () => behind().map(stopped),
      },
    ] satisfies readonly RowKey<ToolRow>[],
  })
}

function attached({ processId }: ToolRow): readonly Intent[] | string {
  return processId === undefined ? NOT_BEHIND : [{ type: "process.attach", processId }]
}

const NOT_BEHIND = "It runs in the foreground. b puts it into the background first."

function moved({ processId, sessionId, callId }: ToolRow): readonly Intent[] | string {
  if (processId !== undefined) return "It is in the background already."
  return [{ type: "op", op: { type: "call.background", sessionId, callId }, done: "It goes on in the background." }]
}

function closed({ processId, sessionId }: ToolRow): readonly Intent[] | string {
  if (processId === undefined) return "Its input is empty already."
  return [{ type: "op", op: { type: "process.close", sessionId, processId }, done: "Its input has ended." }]
}

function stopped({ processId, sessionId, callId }: ToolRow): Intent {
  if (processId === undefined) {
    return { type: "op", op: { type: "call.cancel", sessionId, callId }, done: "Stopped." }
  }
  return { type: "op", op: { type: "process.end", sessionId, processId }, done: "It is asked to end." }
}

function killed({ processId, sessionId, callId }: ToolRow): readonly Intent[] {
  if (processId === undefined) return [{ type: "op", op: { type: "call.cancel", sessionId, callId }, done: "Stopped." }]
  return [{ type: "op", op: { type: "process.signal", sessionId, processId, signal: "SIGKILL" }, done: "Killed." }]
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
