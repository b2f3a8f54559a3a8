import { type Input, isPicture, textOf } from "@skein/term"
import { edited, lineInput } from "../line-input.ts"
import type { Panel, PanelStep } from "../panel.ts"
import { found, toggled } from "./search.ts"
import { Layout, type Place, type ViewerSource } from "./source.ts"
import { caughtUp, movedTo, type ViewerState, walkOf } from "./state.ts"
import { viewerView } from "./view.ts"
import { isBefore, type Walk } from "./walk.ts"

/**
 * The transcript on the whole screen: read, searched, unfolded, copied. Opens at a block, unfolded, or at the end, which it
 * follows for as long as the person is there.
 */
export function viewerPanel(source: ViewerSource, at?: number): Panel {
  const end: Place = { index: Math.max(0, source.count - 1), row: at === undefined ? Number.MAX_SAFE_INTEGER : 0 }
  const cursor = at === undefined ? end : { index: Math.max(0, Math.min(at, source.count - 1)), row: 0 }
  const others = new Set(at === undefined ? [] : [at])
  const expansion = { isAll: false, others }
  const isFollowing = at === undefined
  return panelOf({ layout: new Layout(source), cursor, isFollowing, top: cursor, expansion, query: "" })
}

function panelOf(state: ViewerState): Panel {
  return {
    extent: "whole",
    key: (input, rows) => viewerKey(caughtUp(state), input, Math.max(1, rows - 1)),
    view: (look, rows) => viewerView(state, look, rows),
  }
}

function viewerKey(state: ViewerState, input: Input, room: number): PanelStep {
  // Before it was drawn there is nothing to move in.
  if (state.layout.look === undefined && !(input.kind === "key" && input.chord === "escape")) return stay(state)
  if (state.typing !== undefined) return typedKey(state, input, room)
  const chord = input.kind === "key" ? input.chord : input.kind === "mouse" ? input.action : ""
  if (chord === "escape" && state.selectedFrom !== undefined) return stay({ ...state, selectedFrom: undefined })
  if (chord === "escape" || chord === "q" || chord === "ctrl+c") return { kind: "leave", intents: [] }
  const to = target(state, chord, room)
  if (to !== undefined) return stay(movedTo(state, to, room))
  return deed(state, chord, room)
}

function target(state: ViewerState, chord: string, room: number): Place | undefined {
  const walk = walkOf(state)
  const by = ROWS[chord]
  if (by !== undefined) return walk.moved(walk.clamped(state.cursor), by)
  const pages = PAGES[chord]
  if (pages !== undefined) return walk.moved(walk.clamped(state.cursor), Math.trunc(pages * Math.max(1, room - 1)))
  if (TOP.includes(chord)) return { index: 0, row: 0 }
  if (BOTTOM.includes(chord)) return walk.end
  if (chord === "ctrl+up" || chord === "ctrl+down") return prompt(state, chord === "ctrl+up" ? -1 : 1)
  return undefined
}

const ROWS: Readonly<Record<string, number>> = {
  ...{ up: -1, down: 1, k: -1, j: 1, "alt+k": -1, "alt+j": 1, "wheel-up": -3, "wheel-down": 3 },
}
const PAGES: Readonly<Record<string, number>> = {
  ...{ "page-up": -1, "page-down": 1, " ": 1, "ctrl+b": -1, "ctrl+f": 1 },
  ...{ "alt+u": -0.5, "alt+d": 0.5, "ctrl+u": -0.5, "ctrl+d": 0.5 },
}
const TOP = ["g", "home", "ctrl+g", "ctrl+home"]
const BOTTOM = ["G", "end", "ctrl+shift+g", "ctrl+end"]

function prompt({ layout, cursor }: ViewerState, by: 1 | -1): Place | undefined {
  const { source } = layout
  // From within a prompt, up leads to its own beginning first.
  const first = by === -1 && cursor.row > 0 ? cursor.index : cursor.index + by
  for (let index = first; index >= 0 && index < source.count; index += by) {
    if (source.isPrompt?.(index) === true) return { index, row: 0 }
  }
  return undefined
}

function deed(state: ViewerState, chord: string, room: number): PanelStep {
  const { cursor, layout, expansion } = state
  switch (chord) {
    case "/":
      return stay({ ...state, typing: lineInput(), isFollowing: false, note: undefined })
    case "n":
    case "N":
      return stay(found(state, chord === "n" ? 1 : -1, room))
    case "enter":
    case "e": {
      if (layout.source.isExpandable?.(cursor.index) === false)
        return stay({ ...state, note: "There is no more of it." })
      const next = { ...state, expansion: toggled(expansion, cursor.index) }
      return stay(movedTo(next, { index: cursor.index, row: 0 }, room))
    }
    case "c":
      return stay(
        movedTo({ ...state, expansion: { isAll: !expansion.isAll, others: new Set() } }, { ...cursor, row: 0 }, room),
      )
    case "v":
      return stay({
        ...state,
        isFollowing: false,
        selectedFrom: state.selectedFrom === undefined ? walkOf(state).clamped(cursor) : undefined,
      })
    case "y":
      return copied(state)
    case "o":
      return opened(state)
    default:
      return stay(state)
  }
}

/** The rows that are selected, as they are shown; without a selection all of the block, as it is. */
function copied(state: ViewerState): PanelStep {
  const { selectedFrom, cursor, layout } = state
  const { selectedFrom: _, ...without } = state
  if (selectedFrom === undefined) {
    return does(without, { type: "copy", text: layout.source.textOf(cursor.index), what: "the block" })
  }
  const walk = walkOf(state)
  // The screen may have another width than when they were chosen, and their blocks other rows.
  const [one, other] = [walk.clamped(cursor), walk.clamped(selectedFrom)]
  const [from, to] = isBefore(one, other) ? [one, other] : [other, one]
  const rows = [rowText(walk, from)]
  for (let at = from; isBefore(at, to); ) {
    at = walk.moved(at, 1)
    rows.push(rowText(walk, at))
  }
  return does(without, {
    type: "copy",
    text: rows.join("\n"),
    what: rows.length === 1 ? "a line" : `${rows.length} lines`,
  })
}

function rowText(walk: Walk, place: Place): string {
  return textOf(walk.line(place).filter((span) => !isPicture(span))).trimEnd()
}

function opened(state: ViewerState): PanelStep {
  const { layout, cursor } = state
  const links = layout.source.linksOf?.(cursor.index) ?? []
  const text = textOf(walkOf(state).line(cursor))
  const link = links.find((each) => text.includes(each)) ?? links[0]
  if (link === undefined) return stay({ ...state, note: "It names no link and no file." })
  return does(state, { type: "visit", target: link })
}

function typedKey(state: ViewerState, input: Input, room: number): PanelStep {
  const { typing = lineInput(), ...without } = state
  const chord = input.kind === "key" ? input.chord : ""
  if (chord === "escape" || chord === "ctrl+c") return stay({ ...without, query: "" })
  if (chord !== "enter") return stay({ ...state, typing: edited(typing, input) ?? typing })
  return stay(found({ ...without, query: typing.text.toLowerCase() }, 1, room))
}

function does(state: ViewerState, intent: Extract<PanelStep, { kind: "do" }>["intents"][number]): PanelStep {
  return { kind: "do", panel: panelOf(state), intents: [intent] }
}

function stay(state: ViewerState): PanelStep {
  return { kind: "stay", panel: panelOf(state) }
}
