import type { Color } from "@skein/term"
import type { Theme } from "../look.ts"

/** The colors of a theme, each for what it means. Whoever reads it sees these on `background`, which nobody paints. */
export interface Palette {
  readonly name: string
  readonly isLight: boolean
  readonly dim: Color
  readonly accent: Color
  readonly link: Color
  readonly code: Color
  readonly selected: Color
  readonly added: Color
  readonly removed: Color
  readonly addedWord: Color
  readonly removedWord: Color
  readonly running: Color
  readonly waiting: Color
  readonly string: Color
  readonly number: Color
  readonly keyword: Color
  readonly type: Color
  readonly function: Color
  readonly property: Color
}

/** The looks that follow from a palette. Text stays in the terminal's own color. */
export function themeOf(colors: Palette): Theme {
  const { name, isLight, added, removed, running, waiting } = colors
  const dim = { foreground: colors.dim }
  return {
    name,
    isLight,
    text: {},
    dim,
    strong: { isBold: true },
    prompt: { foreground: colors.accent, isBold: true },
    heading: { foreground: colors.accent, isBold: true },
    link: { foreground: colors.link, isUnderlined: true },
    code: { foreground: colors.code },
    quote: dim,
    selected: { background: colors.selected, isBold: true },
    match: { foreground: colors.accent, isBold: true, isUnderlined: true },
    added: { foreground: added },
    removed: { foreground: removed },
    addedWord: { foreground: added, background: colors.addedWord, isBold: true },
    removedWord: { foreground: removed, background: colors.removedWord, isBold: true },
    running: { foreground: running },
    done: { foreground: added },
    failed: { foreground: removed, isBold: true },
    waiting: { foreground: waiting, isBold: true },
    danger: { foreground: removed, isBold: true },
    warning: { foreground: waiting },
    bar: dim,
    tokens: {
      plain: {},
      comment: { foreground: colors.dim, isItalic: true },
      string: { foreground: colors.string },
      number: { foreground: colors.number },
      keyword: { foreground: colors.keyword },
      type: { foreground: colors.type },
      function: { foreground: colors.function },
      property: { foreground: colors.property },
      operator: {},
      constant: { foreground: colors.number },
      tag: { foreground: colors.keyword },
    },
  }
}
