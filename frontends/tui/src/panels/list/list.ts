import type { Input } from "@skein/term"
import type { Intent } from "../../intent.ts"
import { safeLine } from "../../view/text/safe.ts"
import { edited, type LineInput, lineInput } from "../line-input.ts"
import type { Panel, PanelStep } from "../panel.ts"
import type { EntryKey, ListOptions } from "./entry.ts"
import { matching, Prepared } from "./matching.ts"
import { type Asking, type ListState, measuresOf, selectedOf } from "./state.ts"
import { entryRows, listView } from "./view.ts"

/** One list with a filter at its top. */
export function listPanel(options: ListOptions): Panel {
  const entries = options.entries.map((entry) => new Prepared(entry))
  const at = Math.max(0, Math.min(options.selected ?? 0, entries.length - 1))
  const typing = options.isVim === true ? "normal" : "typing"
  const measures = measuresOf(entries)
  return panelOf({ options, entries, measures, matches: matching("", entries), query: lineInput(), at, top: 0, typing })
}

function panelOf(state: ListState): Panel {
  return {
    extent: state.options.extent ?? "over",
    key: (input, rows) =>
      state.asking === undefined ? listKey(state, input, rows) : askedKey(state, state.asking, input),
    view: (look, rows) => listView(state, look, rows),
  }
}

function listKey(state: ListState, input: Input, rows: number): PanelStep {
  if (input.kind === "mouse") return wheel(state, input.action, rows)
  const chord = input.kind === "key" ? input.chord : ""
  if (chord === "escape" || chord === "ctrl+c") return { kind: "leave", intents: state.options.leaving ?? [] }
  if (chord === "enter") return chosen(state)
  const key = state.options.keys?.find((each) => each.chord === chord)
  if (key !== undefined) return entryKey(state, key)
  const page = Math.max(1, entryRows(state, rows) - 1)
  const move = MOVES[chord] ?? (state.typing === "normal" ? NORMAL_MOVES[chord] : undefined)
  if (move !== undefined) return moved(state, move({ at: state.at, count: state.matches.length, page }), rows)
  if (state.typing === "normal") {
    const isTyping = chord === "i" || chord === "/"
    return isTyping ? stay({ ...state, typing: "typing" }) : stay(state)
  }
  const query = edited(state.query, input)
  return query === undefined ? stay(state) : filtered(state, query)
}

interface Place {
  readonly at: number
  readonly count: number
  readonly page: number
}

const up = ({ at, count }: Place): number => (at === 0 ? count - 1 : at - 1)
const down = ({ at, count }: Place): number => (at >= count - 1 ? 0 : at + 1)
const pageUp = ({ at, page }: Place): number => at - page
const pageDown = ({ at, page }: Place): number => at + page
const first = (): number => 0
const last = ({ count }: Place): number => count - 1

const MOVES: Readonly<Record<string, (place: Place) => number>> = {
  up,
  down,
  "ctrl+p": up,
  "ctrl+n": down,
  "page-up": pageUp,
  "page-down": pageDown,
  home: first,
  end: last,
}

const NORMAL_MOVES: Readonly<Record<string, (place: Place) => number>> = { k: up, j: down, g: first, G: last }

function wheel(state: ListState, action: string, rows: number): PanelStep {
  if (action !== "wheel-up" && action !== "wheel-down") return stay(state)
  return moved(state, Math.max(0, state.at + (action === "wheel-up" ? -1 : 1)), rows)
}

function moved(state: ListState, to: number, rows: number): PanelStep {
  const at = Math.max(0, Math.min(to, state.matches.length - 1))
  const room = entryRows(state, rows)
  const top = Math.max(at - room + 1, Math.min(state.top, at))
  return rested(state, { ...state, at, top, note: undefined })
}

function filtered(state: ListState, query: LineInput): PanelStep {
  if (query.text === state.query.text) return stay({ ...state, query })
  // More typed: nothing comes back that did not fit before.
  const isNarrower =
    state.query.text.trim() !== "" && query.text.startsWith(state.query.text) && !query.text.includes(" ")
  const matches = matching(query.text, isNarrower ? state.matches : state.entries)
  return rested(state, { ...state, query, matches, at: 0, top: 0, note: undefined })
}

/** A preview is shown of what the selection rests on now. */
function rested(before: ListState, state: ListState): PanelStep {
  const selected = selectedOf(state)
  const resting = selected?.entry.resting
  if (resting === undefined || selected === selectedOf(before)) return stay(state)
  return { kind: "do", panel: panelOf(state), intents: resting }
}

function chosen(state: ListState): PanelStep {
  const selected = selectedOf(state)?.entry ?? state.options.other?.(state.query.text.trim())
  if (selected === undefined) return stay(state)
  if (selected.blocker !== undefined) return stay({ ...state, note: selected.blocker })
  return { kind: "leave", intents: selected.intents }
}

function entryKey(state: ListState, key: EntryKey): PanelStep {
  const entry = selectedOf(state)?.entry
  if (entry === undefined) return stay(state)
  if (key.intents(entry, "") === undefined)
    return stay({ ...state, note: entry.blocker ?? `Nothing to ${key.name} here.` })
  if (key.confirm !== undefined) return stay({ ...state, asking: { kind: "confirm", key, text: key.confirm(entry) } })
  if (key.typed !== undefined) {
    return stay({ ...state, asking: { kind: "typed", key, line: lineInput(safeLine(key.typed(entry))) } })
  }
  return did(state, key, "")
}

function askedKey(state: ListState, asking: Asking, input: Input): PanelStep {
  const chord = input.kind === "key" ? input.chord : ""
  const { asking: _, ...without } = state
  if (chord === "escape" || chord === "ctrl+c") return stay(without)
  if (asking.kind === "confirm") return chord === "y" ? did(without, asking.key, "") : stay(without)
  if (chord === "enter") {
    const typed = asking.line.text.trim()
    return typed === "" ? stay(without) : did(without, asking.key, typed)
  }
  return stay({ ...state, asking: { ...asking, line: edited(asking.line, input) ?? asking.line } })
}

function did(state: ListState, key: EntryKey, typed: string): PanelStep {
  const selected = selectedOf(state)
  const intents: readonly Intent[] = (selected === undefined ? undefined : key.intents(selected.entry, typed)) ?? []
  if (selected === undefined || key.after === "leave") return { kind: "leave", intents }
  if (key.after === "stay") return { kind: "do", panel: panelOf(state), intents }
  const entries =
    key.after === "remove"
      ? state.entries.filter((each) => each !== selected)
      : state.entries.map((each) => (each === selected ? new Prepared({ ...each.entry, label: typed }) : each))
  const matches = matching(state.query.text, entries)
  const at = Math.max(0, Math.min(state.at, matches.length - 1))
  return { kind: "do", panel: panelOf({ ...state, entries, measures: measuresOf(entries), matches, at }), intents }
}

function stay(state: ListState): PanelStep {
  return { kind: "stay", panel: panelOf(state) }
}
