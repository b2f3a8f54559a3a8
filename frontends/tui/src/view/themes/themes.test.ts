import { expect, test } from "bun:test"
import { createHighlighter } from "@skein/highlight"
import type { Line, Style } from "@skein/term"
import { lookOf } from "../../../test/looks.ts"
import { FIXTURES } from "../../fixtures/fixtures.ts"
import { blockLines } from "../blocks/block-lines.ts"
import type { Theme } from "../look.ts"
import { THEME_NAMES, themeNamed } from "./themes.ts"

/** What a theme expects behind it; the terminal's own sixteen as widely used terminals set them for that side. */
const DARK = {
  background: "#1e1e1e",
  foreground: "#cccccc",
  green: "#0dbc79",
  red: "#cd3131",
  yellow: "#e5e510",
  "bright-red": "#f14c4c",
  magenta: "#bc3fbc",
}
const LIGHT = { ...DARK, background: "#ffffff", foreground: "#000000", green: "#107c10", "bright-red": "#cd3131" }
const BACKGROUNDS: Readonly<Record<string, readonly [background: string, foreground: string]>> = {
  "solarized-dark": ["#002b36", "#c0caca"],
  "solarized-light": ["#fdf6e3", "#3f5259"],
  "high-contrast": ["#000000", "#ffffff"],
  "high-contrast-light": ["#ffffff", "#000000"],
}
/** SGR 2 as terminals draw it: three fifths of the way from the background. */
const DIM = 0.6

const themes = THEME_NAMES.flatMap((name) => [false, true].flatMap((isLight) => themeNamed(name, { isLight }) ?? []))

test("every text of every theme can be read on the background that it is for", async () => {
  const code = createHighlighter()
  for (const language of ["typescript", "json"]) await code.prepare(language)
  for (const theme of themes) {
    const styles = new Map<string, Style>()
    for (const style of [...stylesOf(theme), ...drawnStyles(theme, code)]) styles.set(JSON.stringify(style), style)
    for (const style of styles.values()) {
      const ratio = contrast(style, theme)
      if (ratio < 4.5)
        throw new Error(
          `${theme.name} ${theme.isLight ? "light" : "dark"} ${JSON.stringify(style)} ${ratio.toFixed(2)}`,
        )
    }
  }
})

test("a dark theme on a light terminal is its light sibling, and the other way", () => {
  expect(themeNamed("dark", { isLight: true })?.name).toBe("light")
  expect(themeNamed("light", { isLight: false })?.name).toBe("dark")
  expect(themeNamed("solarized-dark", { isLight: true })?.name).toBe("solarized-light")
  expect(themeNamed("high-contrast-light", {})?.isLight).toBe(true)
  expect(themeNamed("marketing", { isLight: true })?.isLight).toBe(true)
  expect(themeNamed("monochrome", {})?.isLight).toBe(false)
})

test("a name that nobody knows is no theme", () => {
  for (const name of ["", "constructor", "toString", "Dark"]) expect(themeNamed(name, {})).toBeUndefined()
})

test("the monochrome theme has the terminal's own colors alone, and those for what they mean", () => {
  for (const isLight of [false, true]) {
    const theme = themeNamed("monochrome", { isLight })
    for (const kind of [
      "text",
      "dim",
      "strong",
      "prompt",
      "heading",
      "link",
      "code",
      "quote",
      "bar",
      "selected",
    ] as const) {
      expect([kind, theme?.[kind].foreground, theme?.[kind].background]).toEqual([kind, undefined, undefined])
    }
    expect(JSON.stringify(theme)).not.toContain("#")
  }
})

function stylesOf({ tokens, ...theme }: Theme): Style[] {
  return [...Object.values(theme), ...Object.values(tokens)].filter((each) => typeof each === "object")
}

function drawnStyles(theme: Theme, code: ReturnType<typeof createHighlighter>): Style[] {
  const lines: Line[] = Object.values(FIXTURES).flatMap((blocks) =>
    blocks.flatMap((block) => blockLines(block, lookOf(100, theme), { isExpanded: true, isFocused: true, code })),
  )
  return lines.flatMap((line) =>
    line.flatMap(({ style }) => (style === undefined ? [] : [{ ...style, link: undefined }])),
  )
}

function contrast(style: Style, theme: Theme): number {
  const terminal: Readonly<Record<string, string>> = theme.isLight ? LIGHT : DARK
  const [own, text] = BACKGROUNDS[theme.name] ?? [terminal.background ?? "", terminal.foreground ?? ""]
  const colorOf = (color: string | undefined, otherwise: string) =>
    color === undefined ? otherwise : color.startsWith("#") ? color : (terminal[color] ?? "")
  const [back, front] = [colorOf(style.background, own), colorOf(style.foreground, text)].map(channelsOf)
  if (back === undefined || front === undefined) throw new Error(`No color: ${JSON.stringify(style)}`)
  const shown = style.isDim === true ? front.map((value, at) => value * DIM + (back[at] ?? 0) * (1 - DIM)) : front
  const [low = 0, high = 0] = [luminance(back), luminance(shown)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function channelsOf(color: string): number[] {
  if (!/^#[0-9a-f]{6}$/.test(color)) throw new Error(`Not a color: ${color}`)
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
}

/** WCAG 2.2, relative luminance. */
function luminance(channels: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
