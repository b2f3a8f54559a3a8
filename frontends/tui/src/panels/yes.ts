import type { Line } from "@skein/term"
import type { Look } from "../view/look.ts"
import { safeLine } from "../view/text/safe.ts"
import { wrapText } from "../view/text/wrap.ts"
import type { Panel } from "./panel.ts"
import { Reading } from "./reading.ts"

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
  const reading = new Reading(options.now)
  const panel: Panel = {
    extent: "over",
    key(input) {
      const chord = input.kind === "key" ? input.chord.toLowerCase() : ""
      const isLeft = chord === "escape" || chord === "ctrl+c"
      const isSaid = (chord === "y" || chord === "n") && reading.isOver
      if (!isLeft && !isSaid) {
        reading.again()
        return { kind: "stay", panel }
      }
      options.answered(isLeft ? undefined : chord === "y")
      return { kind: "leave", intents: [] }
    },
    reread() {
      reading.again()
      return panel
    },
    view(look, rows) {
      reading.drawn()
      return { lines: yesLines(options, look, rows) }
    },
  }
  return panel
}

function yesLines({ title, lines, question }: YesQuestion, { columns, theme, glyphs }: Look, rows: number): Line[] {
  const width = Math.max(columns - 4, 1)
  const room = Math.max(rows - AROUND_ROWS, 1)
  const [first = "", ...rest] = wrapText(safeLine(title), width)
  const text = lines.flatMap((line) => wrapText(line, width))
  const left = text.length - room
  return [
    [
      { text: `${glyphs.waiting} `, style: theme.waiting },
      { text: first, style: theme.strong },
    ],
    ...rest.map((line): Line => [{ text: `  ${line}`, style: theme.strong }]),
    [],
    ...text.slice(0, room).map((line): Line => [{ text: `  ${line}` }]),
    ...(left > 0 ? [[{ text: `  ${glyphs.more} ${left} more lines`, style: theme.dim }]] : []),
    [],
    [
      { text: `  ${question}  ` },
      { text: "y", style: theme.strong },
      { text: " yes   " },
      { text: "n", style: theme.strong },
      { text: " no" },
    ],
  ]
}

/** Title, keys and the space between them. */
const AROUND_ROWS = 8
