import { lazy } from "@skein/protocol"
import type { Theme } from "../look.ts"
import { monochrome } from "./monochrome.ts"
import { type Palette, themeOf } from "./palette.ts"
import * as palettes from "./palettes.ts"

/** What `theme` of the configuration and `/theme` may say. */
export const THEME_NAMES = [
  "monochrome",
  "dark",
  "light",
  "solarized-dark",
  "solarized-light",
  "high-contrast",
  "high-contrast-light",
  "marketing",
] as const

/** Why a theme cannot be; undefined when there is one of that name. */
export function themeProblem(name: string): string | undefined {
  return pairs().has(name) ? undefined : `There is no theme "${name}". There are ${THEME_NAMES.join(", ")}.`
}

/** What is known of the terminal: on a light background a dark theme gives way to its light sibling, and the other way. */
export interface Surroundings {
  /** Left out when nobody knows: the theme is then as its name says, and dark where that says nothing. */
  readonly isLight?: boolean | undefined
}

/** The looks of a theme, readable on the background there is. A name that nobody knows gives undefined. */
export function themeNamed(name: string, { isLight }: Surroundings): Theme | undefined {
  const found = pairs().get(name)
  if (found === undefined) return undefined
  return (isLight ?? LIGHT_BY_NAME.has(name)) ? found.light() : found.dark()
}

const LIGHT_BY_NAME: ReadonlySet<string> = new Set(["light", "solarized-light", "high-contrast-light"])

interface Pair {
  readonly dark: () => Theme
  readonly light: () => Theme
}

const pairs = lazy((): ReadonlyMap<string, Pair> => {
  const plain = pair(palettes.DARK, palettes.LIGHT)
  const solarized = pair(palettes.SOLARIZED_DARK, palettes.SOLARIZED_LIGHT)
  const contrast = pair(palettes.HIGH_CONTRAST, palettes.HIGH_CONTRAST_LIGHT)
  return new Map(
    Object.entries({
      monochrome: { dark: lazy(() => monochrome(false)), light: lazy(() => monochrome(true)) },
      dark: plain,
      light: plain,
      "solarized-dark": solarized,
      "solarized-light": solarized,
      "high-contrast": contrast,
      "high-contrast-light": contrast,
      marketing: pair(palettes.MARKETING_DARK, palettes.MARKETING_LIGHT),
    }),
  )
})

function pair(dark: Palette, light: Palette): Pair {
  return { dark: lazy(() => themeOf(dark)), light: lazy(() => themeOf(light)) }
}
