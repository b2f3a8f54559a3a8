import { ACTIONS, type Action, type Keymap } from "./actions.ts"
import { chordLimit } from "./chords.ts"
import { chordsOf } from "./keymap.ts"

export interface HelpGroup {
  readonly title: string
  readonly rows: readonly HelpRow[]
}

export interface HelpRow {
  /** The chords that are bound, the one to remember first. */
  readonly keys: readonly string[]
  readonly what: string
  /** What a terminal may not be able to send, and what to press then. */
  readonly note?: string | undefined
}

/** The rows of `?`: every action with the keys it has now, in the groups a person looks for them in. */
export function keyHelp(keymap: Keymap): readonly HelpGroup[] {
  return GROUPS.map(([title, actions]) => ({ title, rows: actions.map((action) => rowOf(keymap, action)) }))
}

/** Every action is in exactly one. */
const GROUPS: readonly (readonly [title: string, actions: readonly Action[]])[] = [
  ["Say", ["submit", "submit.queue", "newline", "complete", "queue.edit", "editor", "paste.image"]],
  ["Steer", ["cancel", "interrupt", "quit", "suspend", "mode.next", "models"]],
  ["Lines of before", ["history.previous", "history.next", "history.search"]],
  ["Look", ["help", "palette", "viewer", "expand", "review", "files", "tools", "swarm", "copy.answer"]],
  ["Move", ["scroll.up", "scroll.down", "scroll.page-up", "scroll.page-down", "scroll.top", "scroll.bottom"]],
  ["Place", ["session.new", "tab.new", "tab.next", "tab.previous", "sidebar", "screen", "theme", "connect", "redraw"]],
]

function rowOf(keymap: Keymap, action: Action): HelpRow {
  const keys = chordsOf(keymap, action)
  return { keys, what: ACTIONS[action], note: noteOf(action, keys) }
}

function noteOf(action: Action, keys: readonly string[]): string | undefined {
  if (action === "newline") return "or `\\` and then Enter, in every terminal"
  const [first = ""] = keys
  const limit = first === "ctrl+v" ? "some terminals keep it for pasting text" : chordLimit(first)
  const other = keys.slice(1).find((chord) => chordLimit(chord) === undefined)
  if (limit === undefined) return undefined
  return other === undefined ? limit : `${limit}: then ${other}`
}
