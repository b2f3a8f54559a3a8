import type { Line } from "@skein/term"
import type { Look } from "../view/look.ts"
import { cutLine } from "../view/text/line.ts"
import { safeLine } from "../view/text/safe.ts"
import { wrapText } from "../view/text/wrap.ts"
import type { Panel } from "./panel.ts"
import { Reading } from "./reading.ts"
import { type Measured, scrolledTop } from "./scroll.ts"
import { textWindow } from "./text-window.ts"

/** What is asked, and what one has to know for it. */
export interface YesQuestion {
  readonly title: string
  readonly lines: readonly string[]
  readonly question: string
}

/** A question, and who hears what was said. */
export interface YesOptions extends YesQuestion {
  /** Milliseconds on any scale. */
  readonly now: () => number
  /** Called once. Undefined: the person left the question. */
  answered(isYes: boolean | undefined): void
}

/** Answered with `y` and `n`. What comes before it can be read counts for nothing, and so does each key that follows it at once. */
export function yesPanel(options: YesOptions): Panel {
  return asking({ options, reading: new Reading(options.now), top: 0, measured: { topMax: 0 } })
}

interface Asking {
  readonly options: YesOptions
  readonly reading: Reading
  /** The first row of the lines that is seen. */
  readonly top: number
  readonly measured: Measured
}

function asking(state: Asking): Panel {
  const { options, reading, top, measured } = state
  return {
    extent: "over",
    key(input, rows) {
      const chord = input.kind === "key" ? input.chord.toLowerCase() : ""
      const isLeft = chord === "escape" || chord === "ctrl+c"
      const isSaid = (chord === "y" || chord === "n") && reading.isOver
      const isText = input.kind === "key" && input.text !== undefined
      const scrolled = isText ? undefined : scrolledTop(input, top, rows - AROUND_ROWS, measured)
      if (!isLeft && scrolled !== undefined) return { kind: "stay", panel: asking({ ...state, top: scrolled }) }
      if (!isLeft && !isSaid) return { kind: "stay", panel: again(state) }
      options.answered(isLeft ? undefined : chord === "y")
      return { kind: "leave", intents: [] }
    },
    reread: () => again(state),
    view(look, rows) {
      reading.drawn()
      return { lines: yesLines(state, look, rows) }
    },
  }
}

/** A key answered nothing, or it was not seen for a while: the time to read it begins anew. */
function again(state: Asking): Panel {
  return asking({ ...state, reading: new Reading(state.options.now) })
}

function yesLines({ options: { title, lines, question }, top, measured }: Asking, look: Look, rows: number): Line[] {
  const { columns, theme, glyphs } = look
  const [first = "", ...rest] = wrapText(safeLine(title), Math.max(columns - 4, 1))
  const room = Math.max(rows - AROUND_ROWS - rest.length, 1)
  const all: Line[] = [
    [
      { text: `${glyphs.waiting} `, style: theme.waiting },
      { text: first, style: theme.strong },
    ],
    ...rest.map((line): Line => [{ text: `  ${line}`, style: theme.strong }]),
    [],
    ...textWindow(lines, { top, room, measured, keys: "rows and pages" }, look),
    [],
    [
      { text: `  ${question}  ` },
      { text: "y", style: theme.strong },
      { text: " yes   " },
      { text: "n", style: theme.strong },
      { text: " no" },
    ],
  ]
  // The question itself is the last to go.
  return all.slice(-Math.max(rows, 1)).map((line) => cutLine(line, columns, glyphs.more))
}

/** Title, keys and the space between them. */
const AROUND_ROWS = 4
