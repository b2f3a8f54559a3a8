import { ToolFailure } from "@skein/core/ports"
import { pagesIn } from "./pages.ts"
import { relations } from "./relations.ts"
import { tableText } from "./tables.ts"
import type { Units } from "./units.ts"
import { all, textIn, type XmlNode, xmlOf } from "./xml.ts"
import type { Archive } from "./zip.ts"

/** The slides of a .pptx in their order, with the speaker's notes: ECMA-376, part 1, §19. */
export function pptxText(archive: Archive, pages: string | undefined): Units {
  const deck = archive.read("ppt/presentation.xml")
  if (deck === undefined) throw new ToolFailure("It is no PowerPoint presentation inside: it has no slides.")
  const targets = relations(archive, "ppt/_rels/presentation.xml.rels", "ppt")
  const slides = all(xmlOf(deck), "sldId").flatMap(({ attributes }) => targets.get(attributes.id ?? "") ?? [])
  const text = pagesIn(pages, slides.length, "slide").map((number) => {
    const name = slides[number - 1] ?? ""
    const said = shapes(archive.read(name))
    const about = relations(archive, name.replace(/([^/]+)$/, "_rels/$1.rels"), "ppt/slides")
    const notes = [...about.values()].filter((target) => target.includes("notesSlide"))
    const spoken = notes.flatMap((target) => shapes(archive.read(target))).filter((line) => !/^\d+$/.test(line))
    return [`## Slide ${number}`, ...said, ...(spoken.length > 0 ? [`Notes: ${spoken.join(" ")}`] : [])].join("\n\n")
  })
  return { text: text.join("\n\n"), unit: "slide", units: slides.length, notes: [] }
}

function shapes(content: Uint8Array | undefined): readonly string[] {
  if (content === undefined) return []
  return all(xmlOf(content), "txBody", "tbl").flatMap((shape) => {
    const text = shape.name === "tbl" ? tableText(rowsOf(shape)) : paragraphs(shape).join("\n")
    return text === "" ? [] : [text]
  })
}

function rowsOf(table: XmlNode): readonly (readonly string[])[] {
  return all(table, "tr").map((row) => all(row, "tc").map((cell) => paragraphs(cell).join(" ")))
}

function paragraphs(node: XmlNode): readonly string[] {
  return all(node, "p").flatMap((paragraph) => {
    const text = all(paragraph, "t", "br")
      .map((piece) => (piece.name === "br" ? "\n" : textIn(piece)))
      .join("")
    const depth = Math.min(8, Number(all(paragraph, "pPr")[0]?.attributes.lvl ?? 0) || 0)
    return text.trim() === "" ? [] : [`${"  ".repeat(depth)}${text}`]
  })
}
