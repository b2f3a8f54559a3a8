import type { Input } from "@skein/term"
import type { Panel, PanelStep } from "./panel.ts"
import { type Measured, scrolledTop } from "./scroll.ts"
import { textWindow } from "./text-window.ts"

/** A panel below what has to be known for it, which is scrolled by the keys for pages. All others are the panel's. */
export function toldPanel(text: readonly string[], panel: Panel): Panel {
  return told({ text, top: 0, page: 1, measured: { topMax: 0 } }, panel)
}

interface Told {
  readonly text: readonly string[]
  readonly top: number
  readonly measured: Measured
  /** Rows of the text that were drawn last. */
  page: number
}

const PAGE_KEYS: ReadonlySet<string> = new Set(["page-up", "page-down"])

function told(state: Told, panel: Panel): Panel {
  const { reread } = panel
  return {
    extent: panel.extent,
    key(input, rows) {
      const top = isScrolling(input) ? scrolledTop(input, state.top, state.page, state.measured) : undefined
      if (top !== undefined) return { kind: "stay", panel: told({ ...state, top }, panel) }
      return below(state, panel.key(input, rows))
    },
    view(look, rows) {
      const room = Math.max(rows - PANEL_ROWS_MIN, 0)
      const lines = textWindow(state.text, { top: state.top, room, measured: state.measured, keys: "pages" }, look)
      state.page = lines.length
      const { lines: own, caret } = panel.view(look, Math.max(rows - lines.length, 1))
      return {
        lines: [...lines, ...own],
        caret: caret && { row: caret.row + lines.length, column: caret.column },
      }
    },
    ...(reread && { reread: () => told(state, reread()) }),
  }
}

/** A list of three with its keys. */
const PANEL_ROWS_MIN = 6

function isScrolling(input: Input): boolean {
  return input.kind === "mouse" || (input.kind === "key" && PAGE_KEYS.has(input.chord))
}

function below(state: Told, step: PanelStep): PanelStep {
  return step.kind === "leave" ? step : { ...step, panel: told(state, step.panel) }
}
