import { lazy } from "@skein/protocol"
import type { Action, Keymap } from "./actions.ts"

/**
 * What keys do until they are bound anew. A chord that also edits or writes (`ctrl+a`, `?`) is its action on an empty
 * composer only.
 */
export const defaultKeymap = lazy<Keymap>(
  () => new Map(DEFAULTS.flatMap(([action, chords]) => chords.map((chord) => [chord, action] as const))),
)

/** The first of a row is the one that is shown; the others are for terminals that cannot send it, or for other habits. */
const DEFAULTS: readonly (readonly [Action, readonly string[]])[] = [
  ["submit", ["enter"]],
  ["submit.queue", ["alt+enter"]],
  ["newline", ["shift+enter", "ctrl+j", "ctrl+enter"]],
  ["complete", ["tab"]],
  ["cancel", ["escape"]],
  ["interrupt", ["ctrl+c"]],
  ["quit", ["ctrl+d"]],
  ["suspend", ["ctrl+z"]],
  ["redraw", ["ctrl+l"]],
  ["mode.next", ["shift+tab"]],
  ["palette", ["ctrl+p", "alt+x"]],
  ["help", ["?", "f1"]],
  ["models", ["ctrl+o"]],
  ["connect", ["ctrl+a"]],
  ["session.new", ["ctrl+n"]],
  ["theme", ["ctrl+t"]],
  ["sidebar", ["ctrl+b"]],
  ["swarm", ["f2", "alt+i"]],
  ["viewer", ["f3", "alt+r"]],
  ["expand", ["ctrl+e"]],
  ["review", ["f4", "alt+g"]],
  ["files", ["f5", "alt+o"]],
  ["tools", ["f6", "alt+s"]],
  ["history.previous", ["up"]],
  ["history.next", ["down"]],
  ["history.search", ["ctrl+r"]],
  ["queue.edit", ["alt+up", "alt+q"]],
  ["editor", ["ctrl+g"]],
  ["paste.image", ["ctrl+v", "alt+v"]],
  ["copy.answer", ["alt+w"]],
  ["tab.new", ["f9", "alt+a"]],
  ["tab.next", ["ctrl+page-down", "f8", "alt+."]],
  ["tab.previous", ["ctrl+page-up", "f7", "alt+,"]],
  ["screen", ["f12", "alt+z"]],
  ["scroll.up", ["alt+k"]],
  ["scroll.down", ["alt+j"]],
  ["scroll.page-up", ["page-up"]],
  ["scroll.page-down", ["page-down"]],
  ["scroll.top", ["alt+home"]],
  ["scroll.bottom", ["alt+end"]],
]
