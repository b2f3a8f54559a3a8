import { type ComposerState, emptyComposer } from "../composer/state.ts"
import type { Keymap } from "../keys/actions.ts"
import { defaultKeymap } from "../keys/defaults.ts"
import { keymapFrom } from "../keys/keymap.ts"
import { THEME_NAMES, themeNamed } from "../view/themes/themes.ts"
import type { TuiSettings } from "./options.ts"

/** What other settings change on the screen. */
export interface SettingsChanges {
  readonly changed: Partial<TuiSettings>
  /** Undefined where it stays. */
  readonly keymap: Keymap | undefined
  readonly editing: ComposerState["editing"] | undefined
  /** What of the settings cannot be, as sentences for the person. */
  readonly problems: readonly string[]
}

/** What is to be done so that other settings hold. */
export function changesOf(before: TuiSettings, after: TuiSettings): SettingsChanges {
  const entries = Object.entries(after)
  const old: Readonly<Record<string, unknown>> = { ...before }
  const changed: Partial<TuiSettings> = Object.fromEntries(entries.filter(([name, value]) => !isSame(value, old[name])))
  const { theme, keys, editing } = changed
  const problems: string[] = []
  if (theme !== undefined && themeNamed(theme, { isLight: undefined }) === undefined) {
    problems.push(`There is no theme "${theme}". There are ${THEME_NAMES.join(", ")}.`)
  }
  const made = keys === undefined ? undefined : keymapFrom(keys, defaultKeymap())
  return {
    changed,
    keymap: made?.keymap,
    editing: editing === undefined ? undefined : emptyComposer(editing).editing,
    problems: [...problems, ...(made?.problems ?? [])],
  }
}

/** Lists and tables by what they hold. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
