import { isWithin } from "@skein/protocol"
import type { Line, Span } from "@skein/term"
import type { Look } from "../view/look.ts"
import { safeLine } from "../view/text/safe.ts"

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
export function welcomeLines(facts: WelcomeFacts, { columns, theme, glyphs }: Look): readonly Line[] {
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
  return [[], ...rows.slice(hasMark ? 0 : 1), ...recentLines(facts, columns, theme)]
}

const MARK = ["⣀⣤⣶⣶⣤⣀", "⣾⠋    ⠙⣷", "⢿⣄    ⣠⡿", " ⠉⠛⠿⠿⠛⠉"] as const
const ASCII_MARK = [' .-""-.', "/      \\", "\\      /", " `-..-'"] as const
const MARK_WIDTH = 12
const MARK_COLUMNS_MIN = 44

function recentLines({ recent = [] }: WelcomeFacts, columns: number, theme: Look["theme"]): readonly Line[] {
  if (recent.length === 0) return []
  const width = Math.min(columns, DESIGN_COLUMNS) - 2
  const rows = recent.map(({ title, age }, at): Line => {
    const name = at === 0 ? "  resume   " : "           "
    const shown = shortened(safeLine(title), width - name.length - age.length - 2)
    const gap = Math.max(Math.min(AGE_COLUMN, width - age.length) - name.length - Bun.stringWidth(shown), 2)
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

function shortened(text: string, columns: number): string {
  return Bun.stringWidth(text) <= columns ? text : `${Bun.sliceAnsi(text, 0, Math.max(columns - 1, 0))}…`
}

/** `~/dev/shop` */
export function shortFolder(path: string, home: string): string {
  if (home === "" || !isWithin(path, home)) return path
  return path === home ? "~" : `~${path.slice(home.length)}`
}
