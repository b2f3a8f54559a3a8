import { ToolFailure } from "@skein/core/ports"
import { pagesIn } from "./pages.ts"
import type { Units } from "./units.ts"

/** Pages read at once; a longer document says so and is asked for in parts. */
const PAGES_MAX = 200

/** The text of a PDF, page by page. Scripts in it are never run. Throws ToolFailure for one that is locked or damaged. */
export async function pdfText(bytes: Uint8Array, pages: string | undefined): Promise<Units> {
  const { getDocumentProxy } = await import("unpdf")
  const document = await getDocumentProxy(bytes, { stopAtErrors: false, verbosity: 0 }).catch((cause: unknown) => {
    throw refused(cause)
  })
  const units = document.numPages
  const wanted = pagesIn(pages, units, "page")
  const shown = wanted.slice(0, PAGES_MAX)
  const notes = wanted.length > shown.length ? [`Pages ${shown[0]} to ${shown.at(-1)} of ${units} are read.`] : []
  const parts: string[] = []
  let characters = 0
  for (const number of shown) {
    const page = await document.getPage(number)
    const text = linesOf((await page.getTextContent()).items)
    characters += text.length
    parts.push(`[page ${number}]\n${text}`)
    page.cleanup()
  }
  if (characters === 0) notes.push("Its pages hold no text: they are pictures, or scanned. look_at can describe it.")
  return { text: parts.join("\n\n"), unit: "page", units, notes }
}

interface Piece {
  readonly str: string
  readonly hasEOL: boolean
  /** Where it stands: the last two are x and y. */
  readonly transform: readonly number[]
  readonly width: number
}

/** A gap as wide as this many points is one between columns. */
const COLUMN_GAP = 12

/** Pieces in lines, as they come; those of one height stand beside each other. */
function linesOf(items: readonly unknown[]): string {
  let text = ""
  let last: { readonly y: number; readonly end: number } | undefined
  for (const item of items) {
    if (!isPiece(item)) continue
    const [x = 0, y = 0] = item.transform.slice(4)
    if (last !== undefined && !text.endsWith("\n")) {
      if (Math.abs(last.y - y) > 2) text += "\n"
      else if (x - last.end > COLUMN_GAP && !text.endsWith("\t")) text += "\t"
    }
    text += item.str
    if (item.str.trim() !== "") last = { y, end: x + item.width }
    if (item.hasEOL) text += "\n"
  }
  return text
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}

function isPiece(item: unknown): item is Piece {
  return typeof item === "object" && item !== null && "str" in item && "transform" in item
}

function refused(cause: unknown): ToolFailure {
  const { name, message } = cause as { readonly name?: unknown; readonly message?: unknown }
  if (name === "PasswordException") return new ToolFailure("The PDF is locked with a password.", { cause })
  return new ToolFailure(`The PDF cannot be read: ${String(message ?? cause).slice(0, 200)}`, { cause })
}
