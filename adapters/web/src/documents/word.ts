import { ToolFailure } from "@skein/core/ports"
import { tableText } from "./tables.ts"
import { all, first, textIn, type XmlNode, xmlOf } from "./xml.ts"
import type { Archive } from "./zip.ts"

/** The paragraphs, lists, tables and notes of a .docx: ECMA-376, part 1, §17. */
export function docxText(archive: Archive): string {
  const content = archive.read("word/document.xml")
  const body = content && first(xmlOf(content), "body")
  if (!body) throw new ToolFailure("It is no Word document inside: it has no text.")
  const notes = ["word/footnotes.xml", "word/endnotes.xml"].flatMap((name) => notesOf(archive.read(name)))
  return [...blocks(body), ...notes].join("\n\n").replace(/(^|\n)(\s*- .*)\n\n(?=\s*- )/g, "$1$2\n")
}

function blocks(node: XmlNode): readonly string[] {
  return node.children.flatMap((child) => {
    if (typeof child === "string") return []
    if (child.name === "p") return paragraph(child)
    if (child.name === "tbl") return [table(child)]
    return blocks(child)
  })
}

function paragraph(node: XmlNode): readonly string[] {
  const text = runs(node).trim()
  if (text === "") return []
  const properties = first(node, "pPr")
  const style = first(properties, "pStyle")?.attributes.val ?? ""
  const level =
    /^(?:heading|berschrift|titre)\D*([1-6])$/i.exec(style)?.[1] ?? (/^title$/i.test(style) ? "1" : undefined)
  if (level !== undefined) return [`${"#".repeat(Number(level))} ${text}`]
  const numbered = first(properties, "numPr")
  if (numbered === undefined) return [text]
  const depth = Math.min(8, Number(first(numbered, "ilvl")?.attributes.val ?? 0) || 0)
  return [`${"  ".repeat(depth)}- ${text}`]
}

/** What was deleted with changes tracked is in `delText`, so it is left out; what was inserted is in `t`. */
function runs(node: XmlNode): string {
  return node.children
    .map((child) => {
      if (typeof child === "string") return ""
      switch (child.name) {
        case "t":
          return textIn(child)
        case "tab":
          return "\t"
        case "br":
        case "cr":
          return "\n"
        case "footnoteReference":
        case "endnoteReference":
          return `[^${child.attributes.id ?? ""}]`
        case "pPr":
        case "rPr":
          return ""
        default:
          return runs(child)
      }
    })
    .join("")
}

function table(node: XmlNode): string {
  const rows = all(node, "tr").map((row) => all(row, "tc").map((cell) => blocks(cell).join(" ")))
  return tableText(rows)
}

function notesOf(content: Uint8Array | undefined): readonly string[] {
  if (content === undefined) return []
  return all(xmlOf(content), "footnote", "endnote").flatMap((note) => {
    const text = blocks(note).join(" ")
    return text === "" || note.attributes.type !== undefined ? [] : [`[^${note.attributes.id ?? ""}]: ${text}`]
  })
}
