import type { Line } from "@skein/term"
import type { Panel } from "../panels/panel.ts"
import { safeLine, safeLines } from "../view/text/safe.ts"
import { wrapText } from "../view/text/wrap.ts"
import type { Desk } from "./desk.ts"

/** Shown in full before it can be answered. */
export interface YesQuestion {
  readonly title: string
  readonly lines: readonly string[]
  readonly question: string
}

/** Asks with `y` and `n`. Undefined when the question was left. A yes that comes before it can be read counts for nothing. */
export function askedYes(app: Pick<Desk, "open" | "options">, question: YesQuestion): Promise<boolean | undefined> {
  const { promise, resolve } = Promise.withResolvers<boolean | undefined>()
  const readableAt = app.options.now() + READING_MS
  const panel: Panel = {
    extent: "over",
    key: (input) => {
      const chord = input.kind === "key" ? input.chord.toLowerCase() : ""
      const isLeft = chord === "escape" || chord === "ctrl+c"
      const isSaid = (chord === "y" || chord === "n") && app.options.now() >= readableAt
      if (!isLeft && !isSaid) return { kind: "stay", panel }
      resolve(isLeft ? undefined : chord === "y")
      return { kind: "leave", intents: [] }
    },
    view: ({ columns, theme, glyphs }, rows) => {
      const text = question.lines
        .flatMap((line) => safeLines(line))
        .flatMap((line) => wrapText(line, Math.max(columns - 4, 1)))
      const room = Math.max(rows - 8, 1)
      const [first = "", ...rest] = wrapText(safeLine(question.title), Math.max(columns - 4, 1))
      const head: readonly Line[] = [
        [
          { text: `${glyphs.waiting} `, style: theme.waiting },
          { text: first, style: theme.strong },
        ],
        ...rest.map((line): Line => [{ text: `  ${line}`, style: theme.strong }]),
      ]
      const body = text.slice(0, room).map((line): Line => [{ text: `  ${line}` }])
      const more: readonly Line[] =
        text.length > room ? [[{ text: `  ${glyphs.more} ${text.length - room} more lines`, style: theme.dim }]] : []
      const keys: Line = [
        { text: `  ${question.question}  ` },
        { text: "y", style: theme.strong },
        { text: " yes   " },
        { text: "n", style: theme.strong },
        { text: " no" },
      ]
      return { lines: [...head, [], ...body, ...more, [], keys] }
    },
  }
  app.open(panel)
  return promise
}

const READING_MS = 400
