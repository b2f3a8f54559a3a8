import type { PathDiff } from "@skein/protocol"
import type { Frame, Input, Line } from "@skein/term"
import type { Intent } from "../../intent.ts"
import { counted } from "../../view/amounts.ts"
import type { Look } from "../../view/look.ts"
import { cutLine, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { cutStart, padEnd, widthOf } from "../../view/text/width.ts"
import type { Panel, PanelStep } from "../panel.ts"
import { type Measured, scrolledTop } from "../scroll.ts"
import { type DrawHunk, drawnHunk } from "./draw.ts"
import { type Hunk, hunksOf, sizesOf } from "./hunks.ts"

/** The changes to go through. */
export interface ReviewOptions {
  /** What changed, a unified diff for each file. */
  readonly files: readonly PathDiff[]
  /** What is in it is named from there; else paths are as they came. */
  readonly folder?: string | undefined
  readonly drawHunk?: DrawHunk | undefined
  /** What takes one hunk back, and nothing else; whoever does it shows what is left anew. Undefined: no text, or gone meanwhile. */
  readonly undo: (hunk: Hunk, at: number) => readonly Intent[] | undefined
  /** The hunk to begin with, or the last before it. */
  readonly at?: number | undefined
  /** Said at the foot until the next key. */
  readonly note?: string | undefined
}

interface ReviewState {
  readonly hunks: readonly Hunk[]
  readonly folder: string | undefined
  readonly drawHunk: DrawHunk
  readonly undo: ReviewOptions["undo"]
  readonly at: number
  /** Rows of the hunk that are above the screen. */
  readonly top: number
  readonly kept: ReadonlySet<number>
  /** The hunk that is being taken back: until that is done or refused it is asked for once. */
  readonly taking?: number | undefined
  readonly measured: Measured
  readonly note?: string | undefined
}

/** The changes hunk by hunk: each is kept, or taken back, and looked at in any order. */
export function reviewPanel({ files, folder, drawHunk = drawnHunk, undo, at = 0, note }: ReviewOptions): Panel {
  const hunks = hunksOf(files)
  const from = Math.max(0, Math.min(at, hunks.length - 1))
  return panelOf({ hunks, folder, drawHunk, undo, at: from, top: 0, kept: new Set(), measured: { topMax: 0 }, note })
}

function panelOf(state: ReviewState): Panel {
  return {
    extent: "whole",
    key: (input, rows) => reviewKey(state, input, rows),
    view: (look, rows) => reviewView(state, look, rows),
  }
}

function reviewKey(state: ReviewState, input: Input, rows: number): PanelStep {
  const chord = input.kind === "key" ? input.chord : ""
  const hunk = state.hunks[state.at]
  if (chord === "escape" || chord === "q" || chord === "ctrl+c") return { kind: "leave", intents: [] }
  const to = placeOf(state, chord)
  if (to !== undefined) return stay(movedTo(state, to))
  if (hunk !== undefined && chord === "y") return stay(keptHere(state))
  if (hunk !== undefined && chord === "u") return takenBack(state, hunk)
  if (hunk !== undefined && chord === "@")
    return { kind: "leave", intents: [{ type: "insert", text: `@${hunk.path} ` }] }
  const top = scrolledTop(input, state.top, Math.max(1, rows - AROUND), state.measured)
  return stay(top === undefined ? state : { ...state, top, note: undefined })
}

/** n and p go by hunks, N and P by files. */
function placeOf({ hunks, at }: ReviewState, chord: string): number | undefined {
  const path = hunks[at]?.path
  switch (chord) {
    case "n":
    case "right":
    case "tab":
      return at + 1
    case "p":
    case "left":
    case "shift+tab":
      return at - 1
    case "N": {
      const next = hunks.findIndex((hunk, index) => index > at && hunk.path !== path)
      return next === -1 ? at : next
    }
    case "P": {
      const last = hunks.findLastIndex((hunk, index) => index < at && hunk.path !== path)
      return last === -1 ? 0 : hunks.findIndex((hunk) => hunk.path === hunks[last]?.path)
    }
    default:
      return undefined
  }
}

function movedTo(state: ReviewState, to: number): ReviewState {
  return { ...state, at: Math.max(0, Math.min(to, state.hunks.length - 1)), top: 0, note: undefined }
}

/** On to the next that nothing was said about. */
function keptHere(state: ReviewState): ReviewState {
  const kept = new Set(state.kept).add(state.at)
  const next = state.hunks.findIndex((_, at) => at > state.at && !kept.has(at))
  const after = movedTo({ ...state, kept }, next === -1 ? state.at : next)
  return kept.size === state.hunks.length ? { ...after, note: "All of it was looked at." } : after
}

function takenBack(state: ReviewState, hunk: Hunk): PanelStep {
  const { at } = state
  if (state.taking === at) return stay(state)
  const intents = state.undo(hunk, at)
  if (intents === undefined) {
    return stay({ ...state, note: "This cannot be taken back by itself. /undo takes back the turn." })
  }
  return { kind: "do", panel: panelOf({ ...state, taking: at, note: "It is being taken back." }), intents }
}

function stay(state: ReviewState): PanelStep {
  return { kind: "stay", panel: panelOf(state) }
}

/** Head, foot, and air between. */
const AROUND = 4
const MARGIN = 2

/** The hunk, and those after it as far as there is room: only these are drawn. */
function reviewView(state: ReviewState, look: Look, rows: number): Frame {
  const isAiry = rows >= 6
  const room = Math.max(0, rows - (isAiry ? AROUND : 2))
  const own = hunkLines(state, state.at, look)
  state.measured.topMax = Math.max(0, own.length - room)
  const lines = own.slice(Math.min(state.top, state.measured.topMax))
  for (let at = state.at + 1; at < state.hunks.length && lines.length < room; at++)
    lines.push([], ...hunkLines(state, at, look))
  const shown = lines.slice(0, room)
  while (shown.length < room) shown.push([])
  const air: Line[] = isAiry ? [[]] : []
  const frame = [headLine(state, look), ...air, ...shown, ...air, footLine(state, look)]
  return { lines: frame.slice(0, Math.max(0, rows)).map((line) => cutLine(line, look.columns, look.glyphs.more)) }
}

function headLine({ hunks, at }: ReviewState, { theme, columns, glyphs }: Look): Line {
  const { added, removed } = sizesOf(hunks)
  const sum = hunks.length === 0 ? "" : `   ${countsText(hunks)} +${added} ${glyphs.minus}${removed}`
  const place = hunks.length === 0 ? "" : `hunk ${at + 1} of ${hunks.length}`
  const left: Line = [
    { text: "  review", style: theme.strong },
    { text: sum, style: theme.dim },
  ]
  return sides(left, place === "" ? [] : [{ text: place, style: theme.dim }], columns - MARGIN, glyphs.more)
}

/** `2 files, 1 folder` */
function countsText(hunks: readonly Hunk[]): string {
  const count = (own: readonly Hunk[]) => new Set(own.map(({ path }) => path)).size
  const folders = count(hunks.filter(({ isFolder }) => isFolder === true))
  const files = count(hunks.filter(({ isFolder }) => isFolder !== true))
  const parts = [
    ...(files === 0 ? [] : [counted(files, "file")]),
    ...(folders === 0 ? [] : [counted(folders, "folder")]),
  ]
  return parts.join(", ")
}

function hunkLines(state: ReviewState, at: number, look: Look): Line[] {
  const hunk = state.hunks[at]
  const { theme, glyphs, columns } = look
  if (hunk === undefined) return [[{ text: "  Nothing was changed.", style: theme.dim }]]
  const isHere = at === state.at
  const verdict = state.kept.has(at) ? "kept" : undefined
  const of = hunk.count > 1 ? `${hunk.index + 1} of ${hunk.count}` : ""
  const right = [verdict, of].filter((text) => text !== undefined && text !== "").join(" · ")
  const path = cutStart(
    safeLine(within(hunk.path, state.folder)),
    Math.max(1, columns - widthOf(right) - 6),
    glyphs.more,
  )
  const head: Line = [
    { text: isHere ? padEnd(glyphs.prompt, 2) : "  ", style: theme.prompt },
    { text: verdict === undefined ? "" : `${glyphs.done} `, style: theme.done },
    { text: path, style: isHere ? theme.strong : theme.dim },
  ]
  const drawn = state.drawHunk(hunk, look)
  return [sides(head, right === "" ? [] : [{ text: right, style: theme.dim }], columns - MARGIN, glyphs.more), ...drawn]
}

function within(path: string, folder: string | undefined): string {
  return folder !== undefined && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
}

function footLine({ kept, hunks, note }: ReviewState, { theme, columns, glyphs }: Look): Line {
  const hints = hunks.length === 0 ? "esc back" : "esc back · n next · p previous · y keep · u take back"
  const left: Line = [
    { text: `  ${note === undefined ? hints : safeLine(note)}`, style: note === undefined ? theme.dim : theme.warning },
  ]
  const right = kept.size === 0 ? [] : [{ text: `${kept.size} of ${hunks.length} looked at`, style: theme.dim }]
  return sides(left, right, columns - MARGIN, glyphs.more)
}
