import type { Todo } from "@skein/protocol"
import type { Line } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { cutLine } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { wrapText } from "../../view/text/wrap.ts"
import type { Panel } from "../panel.ts"
import { pagePanel } from "./page.ts"
import { headingLine } from "./table.ts"

/** What is meant to come of the session. */
export interface PlanOptions {
  readonly goal?: string | undefined
  readonly plan?: string | undefined
  readonly todos?: readonly Todo[] | undefined
  /** Draws Markdown; plain text when left out. */
  readonly drawMarkdown?: ((text: string, look: Look) => readonly Line[]) | undefined
}

/** What the session is for, its plan, and what of the list is done. */
export function planPanel(options: () => PlanOptions): Panel {
  return pagePanel({ title: "plan", aside: () => asideOf(options()), lines: (look) => planLines(options(), look) })
}

function asideOf({ todos = [] }: PlanOptions): string {
  const done = todos.filter(({ status }) => status === "completed").length
  return todos.length === 0 ? "" : `${done} of ${todos.length} done`
}

function planLines({ goal, plan, todos = [], drawMarkdown = plainText }: PlanOptions, look: Look): Line[] {
  const inner = { ...look, columns: Math.max(1, look.columns - 4) }
  const indented = (lines: readonly Line[]) =>
    lines.map((line) => cutLine([{ text: "  " }, ...line], look.columns, look.glyphs.more))
  const parts = [
    goal === undefined ? [] : [headingLine("goal", look), ...indented(plainText(goal, inner))],
    todos.length === 0 ? [] : [headingLine("to do", look), ...todoLines(todos, look)],
    plan === undefined ? [] : [headingLine("plan", look), ...indented(drawMarkdown(plan, inner))],
  ].filter((lines) => lines.length > 0)
  if (parts.length === 0) {
    const text = "  No plan yet. /plan lets the model make one first; /goal says what the session is for."
    return [cutLine([{ text, style: look.theme.dim }], look.columns, look.glyphs.more)]
  }
  return parts.flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]))
}

/** One row each; what is under way stands out, what is done steps back. */
export function todoLines(todos: readonly Todo[], look: Look): Line[] {
  const { theme, glyphs, columns } = look
  const looks = {
    pending: { glyph: glyphs.unverified, mark: theme.dim, style: theme.text },
    in_progress: { glyph: glyphs.running, mark: theme.running, style: theme.strong },
    completed: { glyph: glyphs.done, mark: theme.done, style: theme.dim },
  }
  return todos.map(({ text, status }) => {
    const { glyph, mark, style } = looks[status]
    return cutLine(
      [
        { text: `  ${glyph} `, style: mark },
        { text: safeLine(text), style },
      ],
      columns,
      glyphs.more,
    )
  })
}

function plainText(text: string, look: Look): Line[] {
  return wrapText(text, look.columns).map((row) => [{ text: row, style: look.theme.text }])
}
