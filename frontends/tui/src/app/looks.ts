import { type Size, type TerminalFacts, terminalFacts } from "@skein/term"
import { glyphsFor, glyphsNamed } from "../view/glyphs.ts"
import type { Look, PictureRoom } from "../view/look.ts"
import { themeNamed } from "../view/themes/themes.ts"
import { DEFAULT_SETTINGS, type TuiOptions, type TuiSettings } from "./options.ts"

/** Larger ones are named: what is typed would not be seen for them, over a line that is slow the less. */
const PICTURE_BYTES_MAX = 2_000_000
const REMOTE_PICTURE_BYTES_MAX = 250_000

type Told = Pick<TerminalFacts, "isLight" | "images" | "isSsh">

/** Which looks hold now: the person's theme, and whether the terminal says that it is light, and draws pictures. */
export class Looks {
  readonly #env: TuiOptions["env"]
  #settings: TuiSettings
  #told: Told
  #look: Omit<Look, "columns" | "now" | "pictures">

  constructor(settings: TuiSettings, env: TuiOptions["env"]) {
    this.#env = env
    this.#settings = settings
    this.#told = terminalFacts([], env)
    this.#look = this.#made()
  }

  at({ columns, rows }: Size, now: number): Look {
    return { ...this.#look, columns, now, pictures: this.#pictures(rows) }
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

  /** What the terminal says of itself. */
  learned(told: Told): void {
    const isOther = told.isLight !== this.#told.isLight
    this.#told = told
    if (isOther) this.#look = this.#made()
  }

  /** A third of the screen: what is said about a picture is to be seen beside it. */
  #pictures(rows: number): PictureRoom | undefined {
    const rowsMax = Math.floor(rows / 3)
    if (this.#settings.images === "off" || this.#told.images !== "placeholders" || rowsMax < 1) return undefined
    return { rowsMax, bytesMax: this.#told.isSsh ? REMOTE_PICTURE_BYTES_MAX : PICTURE_BYTES_MAX }
  }

  #made(): Omit<Look, "columns" | "now" | "pictures"> {
    const { theme, glyphs, isStill } = this.#settings
    const { isLight } = this.#told
    const chosen = themeNamed(theme, { isLight }) ?? themeNamed(DEFAULT_SETTINGS.theme, { isLight })
    if (chosen === undefined) throw new Error(`There is no theme ${DEFAULT_SETTINGS.theme}`)
    const signs = glyphs === "auto" ? glyphsFor(this.#env) : glyphsNamed(glyphs)
    return { theme: chosen, glyphs: signs, isStill }
  }
}
