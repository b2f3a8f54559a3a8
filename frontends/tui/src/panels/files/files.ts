import type { Input } from "@skein/term"
import type { Intent } from "../../intent.ts"
import type { Panel, PanelStep } from "../panel.ts"
import type { FilesState } from "./state.ts"
import { type FileSource, visibleRows } from "./tree.ts"
import { filesView } from "./view.ts"

/** What is looked at. */
export interface FilesOptions {
  readonly source: FileSource
  /** A file to begin at. */
  readonly path?: string | undefined
}

/**
 * The files of the workspace, and the one that is selected beside them. Nothing is changed here. What the source has not read
 * yet it reads because it is asked; drawn again, the panel shows it.
 */
export function filesPanel({ source, path = "" }: FilesOptions): Panel {
  const folders = path.split("/").slice(0, -1)
  const expanded = new Set(folders.map((_, at) => `${folders.slice(0, at + 1).join("/")}/`))
  const rows = visibleRows(source, expanded)
  const at = Math.max(
    0,
    rows.findIndex(({ node }) => node.path === path),
  )
  return panelOf({ source, expanded, rows, at, top: 0, isReading: false })
}

function panelOf(state: FilesState): Panel {
  return {
    extent: "whole",
    key: (input, rows) => filesKey(state, input, rows),
    view: (look, rows) => filesView(state, look, rows),
  }
}

function filesKey(state: FilesState, input: Input, rows: number): PanelStep {
  const chord = input.kind === "key" ? input.chord : input.kind === "mouse" ? input.action : ""
  const page = Math.max(1, rows - 3)
  if (chord === "escape" && state.isReading) return stay({ ...state, isReading: false })
  if (chord === "escape" || chord === "q" || chord === "ctrl+c") return { kind: "leave", intents: [] }
  const by = SCROLLS[chord]
  if (by !== undefined) return scrolled(state, by * (by % 2 === 0 ? Math.ceil(page / 2) : 1))
  const move = moveOf(chord, page)
  if (move !== undefined) return state.isReading ? scrolled(state, move) : selected(state, state.at + move)
  return deed(state, chord)
}

/** The file scrolls beside the tree: by one row, or by half a page. */
const SCROLLS: Readonly<Record<string, number>> = {
  ...{ J: 1, K: -1, "alt+j": 1, "alt+k": -1, "alt+d": 2, "alt+u": -2 },
}

function moveOf(chord: string, page: number): number | undefined {
  const by = MOVES[chord]
  if (by !== undefined) return by
  if (chord === "page-up" || chord === "page-down") return chord === "page-up" ? -page : page
  return undefined
}

const ALL = Number.MAX_SAFE_INTEGER
const MOVES: Readonly<Record<string, number>> = {
  ...{ up: -1, k: -1, "ctrl+p": -1, "wheel-up": -1, down: 1, j: 1, "ctrl+n": 1, "wheel-down": 1 },
  ...{ home: -ALL, g: -ALL, end: ALL, G: ALL },
}

function selected(state: FilesState, to: number): PanelStep {
  const at = Math.max(0, Math.min(to, state.rows.length - 1))
  return stay({ ...state, at, top: 0 })
}

function scrolled(state: FilesState, by: number): PanelStep {
  const path = state.rows[state.at]?.node.path ?? ""
  const preview = state.source.preview(path)
  const count = preview !== undefined && "rows" in preview ? preview.rows.length : 0
  return stay({ ...state, top: Math.max(0, Math.min(state.top + by, count - 1)) })
}

function deed(state: FilesState, chord: string): PanelStep {
  const row = state.rows[state.at]
  if (row === undefined) return stay(state)
  const { path, isFolder } = row.node
  switch (chord) {
    case "enter":
    case "right":
    case "l":
      if (!isFolder) return stay({ ...state, isReading: true })
      return row.isExpanded && chord !== "enter" ? selected(state, state.at + 1) : turned(state, path, !row.isExpanded)
    case "left":
    case "h":
      if (state.isReading) return stay({ ...state, isReading: false })
      return row.isExpanded ? turned(state, path, false) : selected(state, parentOf(state))
    case "@":
      return { kind: "leave", intents: [{ type: "insert", text: `@${path} ` }] }
    case "y":
      return does(state, { type: "copy", text: path, what: "the path" })
    case "o":
      return isFolder ? stay(state) : does(state, { type: "visit", target: path })
    default:
      return stay(state)
  }
}

function turned(state: FilesState, path: string, isExpanded: boolean): PanelStep {
  const expanded = new Set(state.expanded)
  if (isExpanded) expanded.add(path)
  else expanded.delete(path)
  return stay({ ...state, expanded, rows: visibleRows(state.source, expanded) })
}

function parentOf({ rows, at }: FilesState): number {
  const depth = rows[at]?.depth ?? 0
  return Math.max(
    0,
    rows.findLastIndex((row, index) => index < at && row.depth < depth),
  )
}

function does(state: FilesState, intent: Intent): PanelStep {
  return { kind: "do", panel: panelOf(state), intents: [intent] }
}

function stay(state: FilesState): PanelStep {
  return { kind: "stay", panel: panelOf(state) }
}
