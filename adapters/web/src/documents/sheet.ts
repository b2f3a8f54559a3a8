import { ToolFailure } from "@skein/core/ports"
import { pagesIn } from "./pages.ts"
import { relations } from "./relations.ts"
import { Room } from "./room.ts"
import { tableText } from "./tables.ts"
import type { Units } from "./units.ts"
import { all, first, textIn, type XmlNode, xmlOf } from "./xml.ts"
import type { Archive } from "./zip.ts"

const ROWS_MAX = 20_000
const COLUMNS_MAX = 500

/** The sheets of an .xlsx as tables: values as they were last computed. ECMA-376, part 1, §18. */
export function xlsxText(archive: Archive, pages: string | undefined): Units {
  const book = archive.read("xl/workbook.xml")
  if (book === undefined) throw new ToolFailure("It is no Excel workbook inside: it has no sheets.")
  const sheets = all(xmlOf(book), "sheet")
  const targets = relations(archive, "xl/_rels/workbook.xml.rels", "xl")
  const strings = sharedStrings(archive.read("xl/sharedStrings.xml"))
  const dates = dateStyles(archive.read("xl/styles.xml"))
  const notes: string[] = []
  const room = new Room()
  const text = pagesIn(pages, sheets.length, "sheet").map((number) => {
    const sheet = sheets[number - 1]
    const content = archive.read(targets.get(sheet?.attributes.id ?? "") ?? "")
    const rows = content === undefined ? [] : rowsOf(xmlOf(content), { strings, dates, notes, room })
    return `## Sheet ${number}: ${sheet?.attributes.name ?? ""}\n\n${tableText(rows)}`
  })
  return { text: text.join("\n\n"), unit: "sheet", units: sheets.length, notes: [...notes, ...room.notes] }
}

function sharedStrings(content: Uint8Array | undefined): readonly string[] {
  if (content === undefined) return []
  // What is said of how to pronounce it (rPh) is no part of it.
  return all(xmlOf(content), "si").map((item) =>
    all(item, "t", "rPh")
      .map((piece) => (piece.name === "t" ? textIn(piece) : ""))
      .join(""),
  )
}

interface Book {
  readonly strings: readonly string[]
  readonly dates: ReadonlySet<number>
  readonly notes: string[]
  readonly room: Room
}

function rowsOf(root: XmlNode, { strings, dates, notes, room }: Book): readonly (readonly string[])[] {
  const rows: string[][] = []
  const found = all(root, "row")
  if (found.length > ROWS_MAX) notes.push(`Of ${found.length} rows the first ${ROWS_MAX} are shown.`)
  for (const row of found.slice(0, ROWS_MAX)) {
    const cells: string[] = []
    for (const cell of all(row, "c")) {
      const column = columnOf(cell.attributes.r) ?? cells.length
      if (column < COLUMNS_MAX) {
        while (cells.length < column) cells.push("")
        cells[column] = room.take(shownValue(cell, strings, dates))
      }
    }
    const at = Number(row.attributes.r ?? rows.length + 1) - 1
    // Empty rows between are kept as they are counted, unless somebody counts on that.
    while (rows.length < at && at < rows.length + GAP_MAX) rows.push([])
    rows.push(cells)
  }
  return rows
}

const GAP_MAX = 50

/** `C` of `C12` is 2. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0]
  if (letters === undefined) return undefined
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function shownValue(cell: XmlNode, strings: readonly string[], dates: ReadonlySet<number>): string {
  const { t: type, s: style } = cell.attributes
  if (type === "inlineStr") return textIn(cell)
  const value = first(cell, "v")
  if (value === undefined) return ""
  const text = textIn(value)
  if (type === "s") return strings[Number(text)] ?? ""
  if (type === "b") return text === "1" ? "TRUE" : "FALSE"
  return type === undefined && dates.has(Number(style ?? -1)) ? dateOf(Number(text)) : text
}

/** Which styles show a date: ECMA-376, part 1, §18.8.30. */
function dateStyles(content: Uint8Array | undefined): ReadonlySet<number> {
  if (content === undefined) return new Set()
  const root = xmlOf(content)
  const own = new Map(
    all(root, "numFmt").map(({ attributes }) => [Number(attributes.numFmtId), attributes.formatCode ?? ""]),
  )
  const isDate = (id: number) =>
    (id >= 14 && id <= 22) || /[ymdh]/i.test((own.get(id) ?? "").replace(/\[[^\]]*\]|"[^"]*"/g, ""))
  const styles = all(first(root, "cellXfs") ?? root, "xf")
  return new Set(styles.flatMap(({ attributes }, at) => (isDate(Number(attributes.numFmtId ?? 0)) ? [at] : [])))
}

/** Days since 1899-12-30, with the leap day of 1900 that there was not, as the format has it. */
function dateOf(days: number): string {
  if (!Number.isFinite(days) || days < 0 || days > 2_958_466) return String(days)
  const text = new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400_000)).toISOString()
  return days % 1 === 0 ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ")
}
