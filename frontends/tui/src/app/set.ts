import { type ComposerState, emptyComposer } from "../composer/state.ts"
import type { Intent } from "../intent.ts"
import type { Keymap } from "../keys/actions.ts"
import { defaultKeymap } from "../keys/defaults.ts"
import { keymapFrom } from "../keys/keymap.ts"
import { themeProblem } from "../view/themes/themes.ts"
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
  const all: Partial<TuiSettings> = Object.fromEntries(entries.filter(([name, value]) => !isSame(value, old[name])))
  const { theme, ...others } = all
  const problem = theme === undefined ? undefined : themeProblem(theme)
  const changed = problem === undefined ? all : others
  const { keys, editing } = changed
  const made = keys === undefined ? undefined : keymapFrom(keys, defaultKeymap())
  return {
    changed,
    keymap: made?.keymap,
    editing: editing === undefined ? undefined : emptyComposer(editing).editing,
    problems: [...(problem === undefined ? [] : [problem]), ...(made?.problems ?? [])],
  }
}

/** Another place to draw to, where that can be: lines are another program, and the whole screen shows a session. */
export function screenIntent(screen: NonNullable<TuiSettings["screen"]>, session: object | undefined): Intent {
  return screen === "lines" || session === undefined
    ? { type: "tell", text: `tui.screen = "${screen}" holds from the next start.` }
    : { type: "screen", screen }
}

/** Lists and tables by what they hold. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
