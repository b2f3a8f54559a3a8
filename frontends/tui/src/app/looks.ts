import { glyphsFor, glyphsNamed } from "../view/glyphs.ts"
import type { Look } from "../view/look.ts"
import { themeNamed } from "../view/themes/themes.ts"
import { DEFAULT_SETTINGS, type TuiOptions, type TuiSettings } from "./options.ts"

/** Which looks hold now: the person's theme, and whether the terminal says that it is light. */
export class Looks {
  readonly #env: TuiOptions["env"]
  #settings: TuiSettings
  /** Unknown until the terminal says. */
  #isLight: boolean | undefined
  #look: Omit<Look, "columns" | "now">

  constructor(settings: TuiSettings, env: TuiOptions["env"]) {
    this.#env = env
    this.#settings = settings
    this.#look = this.#made()
  }

  at(columns: number, now: number): Look {
    return { ...this.#look, columns, now }
  }

  get isStill(): boolean {
    return this.#settings.isStill
  }

  get themeName(): string {
    return this.#settings.theme
  }

  set(settings: Partial<TuiSettings>): void {
    this.#settings = { ...this.#settings, ...settings }
    this.#look = this.#made()
  }

  /** What the terminal says about its background. */
  learned(isLight: boolean | undefined): void {
    if (isLight === this.#isLight) return
    this.#isLight = isLight
    this.#look = this.#made()
  }

  #made(): Omit<Look, "columns" | "now"> {
    const { theme, glyphs, isStill } = this.#settings
    const isLight = this.#isLight
    const chosen = themeNamed(theme, { isLight }) ?? themeNamed(DEFAULT_SETTINGS.theme, { isLight })
    if (chosen === undefined) throw new Error(`There is no theme ${DEFAULT_SETTINGS.theme}`)
    const signs = glyphs === "auto" ? glyphsFor(this.#env) : glyphsNamed(glyphs)
    return { theme: chosen, glyphs: signs, isStill }
  }
}
