import { columnsOf, graphemes } from "../cells/graphemes.ts"
import type { TerminalReply } from "../input.ts"

/** Characters by the kind that terminals and fonts differ in. */
export const SAMPLES: readonly { readonly kind: string; readonly texts: readonly string[] }[] = [
  { kind: "letters", texts: ["a", "ß", "e\u0301", "Ж", "ع", "ไ"] },
  { kind: "East Asian", texts: ["日", "한", "ア", "，"] },
  { kind: "glyphs of skein", texts: ["›", "●", "✓", "✗", "◌", "○", "▎", "┊", "⋯", "─", "⠋", "−", "·"] },
  { kind: "emoji", texts: ["👍", "🧵", "✅"] },
  { kind: "joined emoji", texts: ["👩‍👩‍👧", "👍🏽", "🇩🇪", "❤️"] },
]

const ALL = SAMPLES.flatMap(({ kind, texts }) => texts.map((text) => ({ kind, text })))

/** How many answers about the cursor `widthQuestions` gets. */
export const WIDTH_ANSWERS = ALL.length

/** Writes each at the beginning of the line and asks where the cursor is after it; leaves the line empty. */
export function widthQuestions(): string {
  return `${ALL.map(({ text }) => `\r${text}\u001b[6n\r\u001b[K`).join("")}`
}

/** A character that the terminal gives other cells than skein counts on. */
export interface WidthDifference {
  readonly kind: string
  readonly text: string
  readonly columns: number
  readonly expectedColumns: number
  /** What follows it is sent to its column, as the width of such characters is never counted on. */
  readonly isPlaced: boolean
}

/** From the answers in the order of the questions. */
export function widthDifferences(replies: readonly TerminalReply[]): readonly WidthDifference[] {
  const cursors = replies.filter((reply) => reply.kind === "cursor")
  return ALL.flatMap(({ kind, text }, at) => {
    const columns = cursors[at]?.column
    const expectedColumns = columnsOf(text)
    const isPlaced = graphemes(text).every(({ isSure }) => !isSure)
    return columns === undefined || columns === expectedColumns
      ? []
      : [{ kind, text, columns, expectedColumns, isPlaced }]
  })
}
