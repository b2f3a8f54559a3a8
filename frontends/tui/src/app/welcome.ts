import { isWithin } from "@skein/protocol"
import type { Line, Span } from "@skein/term"
import type { Look } from "../view/look.ts"
import { cutLine } from "../view/text/line.ts"
import { safeLine } from "../view/text/safe.ts"
import { cutText, widthOf } from "../view/text/width.ts"

/** What is known when skein starts; the rest joins when it is. */
export interface WelcomeFacts {
  readonly version: string
  readonly folder: string
  readonly branch?: string | undefined
  /** Model, permission mode, sandbox. */
  readonly settings?: readonly string[] | undefined
  readonly recent?: readonly { readonly title: string; readonly age: string }[] | undefined
}

/** The first thing that is seen. Pure, and small: it is drawn before anything else is loaded. */
export function welcomeLines(facts: WelcomeFacts, look: Look): readonly Line[] {
  const { columns, theme, glyphs } = look
  const known = DRAWN.get(facts)
  if (known?.columns === columns && known.theme === theme && known.glyphs === glyphs) return known.lines
  const lines = drawn(facts, look)
  DRAWN.set(facts, { columns, theme, glyphs, lines })
  return lines
}

/** With every key it is drawn anew, and it changes a few times in all. */
const DRAWN = new WeakMap<
  WelcomeFacts,
  Pick<Look, "columns" | "theme" | "glyphs"> & { readonly lines: readonly Line[] }
>()

function drawn(facts: WelcomeFacts, look: Look): readonly Line[] {
  const { columns, theme, glyphs } = look
  const mark = glyphs.prompt === ">" ? ASCII_MARK : MARK
  const beside: readonly (readonly Span[])[] = [
    [],
    [
      { text: "skein", style: theme.strong },
      { text: ` ${facts.version}`, style: theme.dim },
    ],
    [{ text: safeLine((facts.settings ?? []).join(` ${glyphs.separator} `)) }],
    [
      { text: safeLine(facts.folder) },
      ...(facts.branch === undefined ? [] : [{ text: `  ${safeLine(facts.branch)}`, style: theme.dim }]),
    ],
  ]
  const hasMark = columns >= MARK_COLUMNS_MIN
  const rows = mark.map(
    (text, at): Line => [{ text: hasMark ? `  ${text.padEnd(MARK_WIDTH)}` : "  " }, ...(beside[at] ?? [])],
  )
  const lines = [[], ...rows.slice(hasMark ? 0 : 1), ...recentLines(facts, look)]
  return lines.map((line) => cutLine(line, columns, glyphs.more))
}

const MARK = ["⣀⣤⣶⣶⣤⣀", "⣾⠋    ⠙⣷", "⢿⣄    ⣠⡿", " ⠉⠛⠿⠿⠛⠉"] as const
const ASCII_MARK = [' .-""-.', "/      \\", "\\      /", " `-..-'"] as const
const MARK_WIDTH = 12
const MARK_COLUMNS_MIN = 44

function recentLines({ recent = [] }: WelcomeFacts, { columns, theme, glyphs }: Look): readonly Line[] {
  if (recent.length === 0) return []
  const width = Math.min(columns, DESIGN_COLUMNS) - 2
  const rows = recent.map(({ title, age }, at): Line => {
    const name = at === 0 ? "  /resume  " : "           "
    const shown = cutText(safeLine(title), width - name.length - age.length - 2, glyphs.more)
    const gap = Math.max(Math.min(AGE_COLUMN, width - age.length) - name.length - widthOf(shown), 2)
    return [
      { text: name, style: theme.dim },
      { text: shown },
      { text: " ".repeat(gap) },
      { text: age, style: theme.dim },
    ]
  })
  return [[], ...rows]
}

const DESIGN_COLUMNS = 80
const AGE_COLUMN = 60

/** `~/dev/shop` */
export function shortFolder(path: string, home: string): string {
  if (home === "" || !isWithin(path, home)) return path
  return path === home ? "~" : `~${path.slice(home.length)}`
}
