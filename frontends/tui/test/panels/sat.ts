import { expect } from "bun:test"
import { TOKEN_KINDS } from "@skein/highlight"
import { type Frame, type Input, textOf } from "@skein/term"
import type { Intent } from "../../src/intent.ts"
import type { Panel } from "../../src/panels/panel.ts"
import { glyphsNamed } from "../../src/view/glyphs.ts"
import type { Look, Theme } from "../../src/view/look.ts"
import { lineWidth } from "../../src/view/text/line.ts"

const theme: Theme = {
  name: "plain",
  isLight: false,
  text: {},
  dim: { isDim: true },
  strong: { isBold: true },
  prompt: { isBold: true },
  heading: { isBold: true },
  link: { isUnderlined: true },
  code: {},
  quote: {},
  selected: { isInverse: true },
  match: { isBold: true },
  added: { foreground: "green" },
  removed: { foreground: "red" },
  addedWord: { foreground: "green", isBold: true },
  removedWord: { foreground: "red", isBold: true },
  running: {},
  done: { foreground: "green" },
  failed: { foreground: "red" },
  waiting: { foreground: "yellow" },
  danger: { foreground: "red" },
  warning: { foreground: "yellow" },
  bar: { isDim: true },
  tokens: Object.fromEntries(TOKEN_KINDS.map((kind) => [kind, {}])) as Theme["tokens"],
}

export function look(columns = 80): Look {
  return {
    columns,
    theme,
    glyphs: glyphsNamed("unicode"),
    isStill: true,
    now: 0,
  }
}

/** A chord, or several characters that were typed one by one. */
export function key(chord: string): Input {
  const isText = [...chord].length === 1
  return { kind: "key", chord, ...(isText ? { text: chord } : {}) }
}

/** The panel after these keys, and what they had done. A panel that was left takes no more. */
export function press(panel: Panel, chords: readonly (string | Input)[], rows = 24) {
  let now: Panel | undefined = panel
  const intents: Intent[] = []
  for (const chord of chords) {
    if (now === undefined) throw new Error("a key for a panel that was left")
    const step = now.key(typeof chord === "string" ? key(chord) : chord, rows)
    if (step.kind !== "stay") intents.push(...step.intents)
    now = step.kind === "leave" ? undefined : step.panel
  }
  return {
    intents,
    isLeft: now === undefined,
    get panel(): Panel {
      if (now === undefined) throw new Error("the panel was left")
      return now
    },
  }
}

export function type(text: string): string[] {
  return [...text]
}

/** The frame as text: rows without the spaces at their ends, the caret as ▏. */
export function text(panel: Panel, columns = 80, rows = 24): string {
  return frameText(panel.view(look(columns), rows))
}

export function frameText({ lines, caret }: Frame): string {
  const rows = lines.map(textOf)
  return rows
    .map((row, at) =>
      caret?.row === at ? `${row.slice(0, caret.column).padEnd(caret.column)}▏${row.slice(caret.column)}` : row,
    )
    .map((row) => row.trimEnd())
    .join("\n")
}

/** At every size, with every key: no line is wider than the screen, and none is more than there are rows. */
export function fitsEverywhere(panel: Panel, keys: readonly string[] = ["down", "x", "enter"]): void {
  const sizes = [1, 2, 3, 5, 8, 13, 20, 40, 59, 60, 80, 119, 120, 200]
  const pressed = [panel]
  for (const chord of keys) {
    const step = pressed.at(-1)?.key(key(chord), 10)
    if (step !== undefined && step.kind !== "leave") pressed.push(step.panel)
  }
  for (const each of pressed)
    for (const columns of sizes)
      for (const rows of [1, 2, 3, 4, 5, 7, 8, 10, 24, 60]) {
        const { lines, caret } = each.view(look(columns), rows)
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) {
          if (lineWidth(line) > columns) throw new Error(`${columns}x${rows}: ${textOf(line)}`)
          if (/\p{Cc}/u.test(textOf(line))) throw new Error(`a control character: ${JSON.stringify(textOf(line))}`)
        }
        if (caret !== undefined) expect(caret.row < lines.length && caret.column < columns).toBe(true)
      }
}
