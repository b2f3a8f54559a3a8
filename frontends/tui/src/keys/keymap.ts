import { editDistance } from "@skein/protocol"
import { ACTIONS, type Action, type Keymap } from "./actions.ts"
import { chordFrom, chordLimit } from "./chords.ts"

/** What the keys of the person come to. */
export interface Keys {
  readonly keymap: Keymap
  /** What of the bindings does not hold, or not everywhere, as sentences for the person who wrote them. */
  readonly problems: readonly string[]
}

/**
 * The defaults with what a person bound: action → chords, several parted by commas or spaces, `none` for no key. An action
 * that is bound has these chords only; a chord that is bound is taken from what had it before.
 */
export function keymapFrom(bindings: Readonly<Record<string, string>>, defaults: Keymap): Keys {
  const problems: string[] = []
  const bound = new Map<string, Action>()
  const named = new Set<Action>()
  for (const [name, written] of Object.entries(bindings)) {
    const action = actionFrom(name)
    if (action === undefined) {
      problems.push(unknownAction(name))
      continue
    }
    const chords = chordsFrom(written, name, problems)
    if (chords === undefined) continue
    named.add(action)
    for (const chord of chords) bind(bound, { chord, action }, problems)
  }
  return { keymap: keepable(merged(defaults, bound, named), defaults, problems), problems }
}

/** The chords of an action, as they were bound. */
export function chordsOf(keymap: Keymap, action: Action): readonly string[] {
  return [...keymap].filter(([, bound]) => bound === action).map(([chord]) => chord)
}

function actionFrom(name: string): Action | undefined {
  return Object.hasOwn(ACTIONS, name) ? (name as Action) : undefined
}

function unknownAction(name: string): string {
  const [nearest] = Object.keys(ACTIONS).toSorted((a, b) => editDistance(name, a) - editDistance(name, b))
  return `keys: there is no action "${name}". The nearest is "${nearest}".`
}

/** Undefined when one of them is none: half a binding would be a surprise. */
function chordsFrom(written: string, name: string, problems: string[]): readonly string[] | undefined {
  if (written.trim().toLowerCase() === "none") return []
  const chords: string[] = []
  for (const word of written.split(/\s*,\s+|\s+|,(?=.)/).filter((part) => part !== "")) {
    const made = chordFrom(word)
    if ("problem" in made) {
      problems.push(`keys: ${name} = ${made.problem}.`)
      return undefined
    }
    const limit = chordLimit(made.chord)
    if (limit !== undefined) problems.push(`keys: ${name} = "${made.chord}": ${limit}.`)
    chords.push(made.chord)
  }
  if (chords.length > 0) return chords
  problems.push(`keys: ${name} has no key. To take its keys away, write "none".`)
  return undefined
}

function bind(
  bound: Map<string, Action>,
  { chord, action }: { chord: string; action: Action },
  problems: string[],
): void {
  const other = bound.get(chord)
  if (other === undefined) bound.set(chord, action)
  else if (other !== action)
    problems.push(`keys: "${chord}" is bound twice, to ${other} and ${action}. It stays ${other}.`)
}

/** Bound chords come first, so that an action's own come before those that it had. */
function merged(defaults: Keymap, bound: ReadonlyMap<string, Action>, named: ReadonlySet<Action>): Map<string, Action> {
  const keymap = new Map(bound)
  for (const [chord, action] of defaults) {
    if (!keymap.has(chord) && !named.has(action)) keymap.set(chord, action)
  }
  return keymap
}

/** Without these a person could neither send nor leave. */
const NEEDED: readonly Action[] = ["submit", "interrupt"]

function keepable(keymap: Map<string, Action>, defaults: Keymap, problems: string[]): Keymap {
  for (const action of NEEDED) {
    if (chordsOf(keymap, action).length > 0) continue
    const chords = chordsOf(defaults, action)
    for (const chord of chords) keymap.set(chord, action)
    problems.push(`keys: ${action} must have a key. It stays ${chords.join(", ")}.`)
  }
  return keymap
}
