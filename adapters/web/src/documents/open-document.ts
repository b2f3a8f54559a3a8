import { ToolFailure } from "@skein/core/ports"
import { pagesIn } from "./pages.ts"
import { Room } from "./room.ts"
import { tableText } from "./tables.ts"
import type { Units } from "./units.ts"
import { all, first, type XmlNode, xmlOf } from "./xml.ts"
import type { Archive } from "./zip.ts"

/** Text, tables or slides of OpenDocument: OASIS OpenDocument 1.3, part 3. */
export function openDocumentText(archive: Archive, kind: "odt" | "ods" | "odp", pages: string | undefined): Units {
  const content = archive.read("content.xml")
  const body = content && first(xmlOf(content), "body")
  if (!body) throw new ToolFailure("It is no OpenDocument file inside: it has no content.")
  const room = new Room()
  if (kind === "odt") return { text: blocks(body, room).join("\n\n"), unit: "page", units: 1, notes: room.notes }
  const [unit, name, heading] =
    kind === "ods" ? (["sheet", "table", "Sheet"] as const) : (["slide", "page", "Slide"] as const)
  const parts = all(body, name)
  const text = pagesIn(pages, parts.length, unit).map((number) => {
    const part = parts[number - 1]
    if (part === undefined) return ""
    const title = part.attributes.name ?? ""
    const inner = kind === "ods" ? tableText(rowsOf(part, room)) : blocks(part, room).join("\n\n")
    return `## ${heading} ${number}${title === "" ? "" : `: ${title}`}\n\n${inner}`
  })
  return { text: text.join("\n\n"), unit, units: parts.length, notes: room.notes }
}

function blocks(node: XmlNode, room: Room, depth = 0): readonly string[] {
  return node.children.flatMap((child): readonly string[] => {
    if (typeof child === "string") return []
    switch (child.name) {
      case "p":
        return said(child, "")
      case "h":
        return said(child, `${"#".repeat(Math.min(6, Number(child.attributes["outline-level"] ?? 1) || 1))} `)
      case "list":
        return [items(child, room, depth)]
      case "table":
        return [tableText(rowsOf(child, room))]
      case "tracked-changes":
      case "annotation":
        return []
      default:
        return blocks(child, room, depth)
    }
  })
}

function said(node: XmlNode, before: string): readonly string[] {
  const text = spans(node).trim()
  return text === "" ? [] : [before + text]
}

function items(list: XmlNode, room: Room, depth: number): string {
  return all(list, "list-item")
    .map((item) => `${"  ".repeat(Math.min(8, depth))}- ${blocks(item, room, depth + 1).join("\n")}`)
    .join("\n")
}

const SPACES_MAX = 100

function spans(node: XmlNode): string {
  return node.children
    .map((child) => {
      if (typeof child === "string") return child.replace(/\s+/g, " ")
      if (child.name === "s") return " ".repeat(Math.min(SPACES_MAX, Number(child.attributes.c ?? 1) || 1))
      if (child.name === "tab") return "\t"
      if (child.name === "line-break") return "\n"
      return child.name === "annotation" ? "" : spans(child)
    })
    .join("")
}

const ROWS_MAX = 20_000
const COLUMNS_MAX = 500
/** An empty sheet is one row that stands a million times over. */
const REPEATED_MAX = 50

function rowsOf(table: XmlNode, room: Room): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = []
  for (const row of all(table, "table-row")) {
    const cells: string[] = []
    for (const cell of all(row, "table-cell", "covered-table-cell")) {
      const text = blocks(cell, room).join(" ")
      const count = repeated(cell.attributes["number-columns-repeated"])
      for (let copy = 0; copy < count && cells.length < COLUMNS_MAX; copy += 1) cells.push(room.take(text))
    }
    const count = repeated(row.attributes["number-rows-repeated"])
    for (let copy = 0; copy < count && rows.length < ROWS_MAX; copy += 1)
      rows.push(copy === 0 ? cells : cells.map((text) => room.take(text)))
  }
  return rows
}

function repeated(text: string | undefined): number {
  return Math.min(REPEATED_MAX, Math.max(1, Number(text ?? 1) || 1))
}
