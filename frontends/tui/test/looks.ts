import { type Line, textOf } from "@skein/term"
import { glyphsNamed } from "../src/view/glyphs.ts"
import type { Look, Theme } from "../src/view/look.ts"
import { themeNamed } from "../src/view/themes/themes.ts"

/** A look of the default theme, at twelve seconds. */
export function lookOf(columns: number, theme: Theme | undefined = monochrome()): Look {
  return { columns, theme: theme ?? monochrome(), glyphs: glyphsNamed("unicode"), isStill: false, now: 12_000 }
}

export function monochrome(): Theme {
  const theme = themeNamed("monochrome", {})
  if (theme === undefined) throw new Error("There is always this theme")
  return theme
}

export function textsOf(lines: readonly Line[]): string[] {
  return lines.map(textOf)
}

/** Numbers from 0 to below 1, always the same for one seed. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
