import type { Frame, Line, Span } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { chosen, cutLine, lineWidth, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { cutStart, padStart } from "../../view/text/width.ts"
import type { FilesState } from "./state.ts"
import type { FileRow } from "./tree.ts"

/** The tree, and beside it what the selected file holds; on a narrow screen one or the other. */
export function filesView(state: FilesState, look: Look, rows: number): Frame {
  const isAiry = rows >= 6
  const room = Math.max(0, rows - (isAiry ? 4 : 2))
  const body =
    look.columns >= SPLIT_COLUMNS_MIN
      ? splitLines(state, look, room)
      : state.isReading
        ? fileLines(state, look, room)
        : treeLines(state, look, room)
  const fill = Array.from({ length: Math.max(0, room - body.length) }, (): Line => [])
  const air: Line[] = isAiry ? [[]] : []
  const frame = [headLine(state, look), ...air, ...body, ...fill, ...air, footLine(state, look)]
  return { lines: frame.slice(0, Math.max(0, rows)).map((line) => cutLine(line, look.columns, look.glyphs.more)) }
}

const SPLIT_COLUMNS_MIN = 72
const TREE_COLUMNS_MAX = 44
const NUMBER = 5
const MARGIN = 2

function headLine({ rows, at }: FilesState, { theme, columns, glyphs }: Look): Line {
  const path = rows[at]?.node.path ?? ""
  const shown = cutStart(safeLine(path), Math.max(1, columns - 14), glyphs.more)
  return sides(
    [{ text: "  files", style: theme.strong }],
    [{ text: shown, style: theme.dim }],
    columns - MARGIN,
    glyphs.more,
  )
}

function splitLines(state: FilesState, look: Look, room: number): Line[] {
  const left = Math.min(TREE_COLUMNS_MAX, Math.floor(look.columns / 3))
  const tree = treeLines(state, { ...look, columns: left }, room)
  const file = fileLines(state, { ...look, columns: look.columns - left - 2 }, room)
  return Array.from({ length: room }, (_, at): Line => {
    const row = tree[at] ?? []
    const gap: Span = { text: " ".repeat(Math.max(0, left - lineWidth(row))) }
    return [...row, gap, { text: `${look.glyphs.bar} `, style: look.theme.bar }, ...(file[at] ?? [])]
  })
}

function treeLines({ rows, at, source, isReading }: FilesState, look: Look, room: number): Line[] {
  if (rows.length === 0) {
    const text = source.children("") === undefined ? "  Reading the folder." : "  No file is here yet."
    return [[{ text, style: look.theme.dim }]].slice(0, room)
  }
  const top = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room))
  return rows.slice(top, top + room).map((row, index) => treeLine(row, top + index === at, isReading, look))
}

function treeLine({ node, depth, isExpanded }: FileRow, isSelected: boolean, isReading: boolean, look: Look): Line {
  const { theme, glyphs, columns } = look
  const fold = node.isFolder ? (isExpanded ? glyphs.unfolded : glyphs.folded) : " "
  const line: Line = [
    { text: isSelected ? `${glyphs.prompt} ` : "  ", style: theme.prompt },
    { text: `${"  ".repeat(depth)}${fold} `, style: theme.dim },
    { text: safeLine(node.name) + (node.isFolder ? "/" : ""), style: node.isFolder ? theme.strong : theme.text },
  ]
  const cut = cutLine(line, Math.max(1, columns - 1), glyphs.more)
  return isSelected && !isReading ? chosen(cut, theme.selected, columns) : cut
}

function fileLines({ source, rows, at, top }: FilesState, look: Look, room: number): readonly Line[] {
  const node = rows[at]?.node
  if (node === undefined || node.isFolder) return []
  const preview = source.preview(node.path)
  if (preview === undefined) return [[{ text: "  Reading it.", style: look.theme.dim }]]
  if ("note" in preview)
    return [cutLine([{ text: `  ${safeLine(preview.note)}`, style: look.theme.dim }], look.columns, look.glyphs.more)]
  return preview.rows.slice(top, top + room).map((text, row) => numbered(text, top + row + 1, look))
}

/** A row as it is, cut where it is wider than the room. */
function numbered(text: string, number: number, { theme, columns, glyphs }: Look): Line {
  const head = { text: `${padStart(`${number}`, NUMBER)}  `, style: theme.dim }
  return cutLine([head, { text, style: theme.text }], Math.max(1, columns - 1), glyphs.more)
}

function footLine(state: FilesState, { theme, columns, glyphs }: Look): Line {
  const row = state.rows[state.at]
  const preview = row === undefined ? undefined : state.source.preview(row.node.path)
  const count = preview !== undefined && "rows" in preview ? preview.rows.length : 0
  const place = count === 0 ? "" : `line ${state.top + 1} of ${count}`
  const hints = state.isReading
    ? "esc tree · @ name it · y copy its path · o open"
    : "esc back · enter read · @ name it · y copy its path · o open"
  return sides(
    [{ text: `  ${hints}`, style: theme.dim }],
    place === "" ? [] : [{ text: place, style: theme.dim }],
    columns - MARGIN,
    glyphs.more,
  )
}
