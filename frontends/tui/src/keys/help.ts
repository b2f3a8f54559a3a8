import { ACTIONS, type Action, type Keymap } from "./actions.ts"
import { chordLimit } from "./chords.ts"
import { chordsOf } from "./keymap.ts"

/** Keys that belong together. */
export interface HelpGroup {
  readonly title: string
  readonly rows: readonly HelpRow[]
}

/** What one does, and its chords. */
export interface HelpRow {
  /** The chords that are bound, the one to remember first. */
  readonly keys: readonly string[]
  readonly what: string
  /** What a terminal may not be able to send, and what to press then. */
  readonly note?: string | undefined
}

/** The rows of `?`: every action with the keys it has now, in the groups a person looks for them in; then how to edit. */
export function keyHelp(keymap: Keymap, editing: "emacs" | "vim" = "emacs"): readonly HelpGroup[] {
  const actions = GROUPS.map(([title, names]) => ({ title, rows: names.map((action) => rowOf(keymap, action)) }))
  return [...actions, EDIT, ...(editing === "vim" ? [VIM] : []), WORDS]
}

const EDIT: HelpGroup = {
  title: "Edit",
  rows: [
    { keys: ["ctrl+a", "ctrl+e"], what: "Start, end of the line" },
    { keys: ["alt+b", "alt+f"], what: "A word back, forward" },
    { keys: ["ctrl+k", "ctrl+u"], what: "Cut to the end, the start of the line" },
    { keys: ["ctrl+w", "alt+d"], what: "Cut the word before, after" },
    { keys: ["ctrl+y", "alt+y"], what: "Put back what was cut; then what was cut before" },
    { keys: ["ctrl+_", "alt+_"], what: "Undo, redo" },
    { keys: ["ctrl+t", "alt+t"], what: "Swap two characters, two words" },
    { keys: ["alt+u", "alt+l", "alt+c"], what: "Upper case, lower case, capital" },
    { keys: ["alt+p", "alt+n"], what: "Lines of before that begin alike" },
    { keys: ["shift+left", "shift+right"], what: "Select", note: "where the terminal tells of shift" },
    { keys: ["tab"], what: "Beside a chip: unfold what was pasted", note: "pasting the same again does so too" },
    { keys: ["right", "tab"], what: "On an empty line: take what is suggested in grey" },
  ],
}

const VIM: HelpGroup = {
  title: "Edit as in vi",
  rows: [
    { keys: ["escape", "i"], what: "Normal mode, insert mode" },
    { keys: ["v", "V"], what: "Select, by lines" },
    { keys: ["d", "c", "y", ">", "<"], what: "With a motion or iw a( ip …: delete, change, copy, indent" },
    { keys: ["u", "ctrl+r", "."], what: "Undo, redo, once more" },
    { keys: ["k", "j"], what: "From the first or last row: the line before, after" },
    { keys: ["/"], what: "Search what was typed before" },
  ],
}

/** Words below a call's line, in the order of how often they are met. */
const WORDS: HelpGroup = {
  title: "Words below a call",
  rows: [
    {
      keys: ["untrusted"],
      what: "From outside: what could carry data away asks until the turn ends",
      note: "/network allow HOST",
    },
    { keys: ["no sandbox"], what: "Nothing but your rights held the command" },
    { keys: ["reached", "kept from"], what: "Hosts that it spoke to, and those that it was refused" },
  ],
}

/** Every action is in exactly one, but for what is not there yet: its key says so. */
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
