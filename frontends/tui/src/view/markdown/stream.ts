import type { CodeLine } from "@skein/highlight"
import { visible } from "@skein/protocol"
import type { Line } from "@skein/term"
import { GUTTER, indented, textColumns } from "../text/line.ts"
import { safeLine } from "../text/safe.ts"
import { codeLine, languageLine } from "./code.ts"
import type { Look } from "../look.ts"
import type { Drawing } from "./context.ts"
import { blocksOf } from "./render.ts"
import { type Piece, Splitter } from "./splitter.ts"
import { parseMarkdown } from "./tree.ts"

/** Colors the lines of one fence as they come: what a line was given stays. */
export interface FenceColors {
  line(text: string): CodeLine | undefined
}

/**
 * Markdown as it arrives. `push` gives the lines that can never change again, each once; `tail` what is drawn below them
 * until then. All lines of `push` and `end` together are the document, however it was cut on its way.
 */
export class MarkdownStream {
  #drawing: Drawing
  #columns: number
  readonly #fences: ((language: string) => FenceColors | undefined) | undefined
  readonly #splitter = new Splitter()
  #painter: Painter
  /** The line that has no end yet. */
  #rest = ""

  /** `fences` colors code line by line; without it, code that streams is plain. */
  constructor(drawing: Drawing, fences?: (language: string) => FenceColors | undefined) {
    this.#drawing = drawing
    this.#columns = textColumns(drawing.look.columns)
    this.#fences = fences
    this.#painter = { hasDrawn: false, fence: undefined }
  }

  /** How what is drawn from now on looks: the terminal has another width, or the person another theme. */
  set look(look: Look) {
    if (look === this.#drawing.look) return
    this.#drawing = { ...this.#drawing, look }
    this.#columns = textColumns(look.columns)
  }

  push(delta: string): readonly Line[] {
    const text = this.#rest + delta
    const lines: Line[] = []
    let at = 0
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", at)) {
      for (const piece of this.#splitter.line(endless(text.slice(at, end)))) lines.push(...this.#paint(piece))
      at = end + 1
    }
    this.#rest = text.slice(at)
    return lines
  }

  /** What `push` has not given yet, as it looks now. */
  tail(): readonly Line[] {
    const painter = { ...this.#painter, fence: this.#painter.fence && { ...this.#painter.fence, colors: undefined } }
    return this.#splitter.tail(endless(this.#rest)).flatMap((piece) => paint(piece, painter, this))
  }

  /** Nothing comes any more. */
  end(): readonly Line[] {
    const last = this.#rest === "" ? [] : this.#splitter.line(endless(this.#rest))
    this.#rest = ""
    return [...last, ...this.#splitter.end()].flatMap((piece) => this.#paint(piece))
  }

  #paint(piece: Piece): Line[] {
    return paint(piece, this.#painter, this)
  }

  get columns(): number {
    return this.#columns
  }

  get drawing(): Drawing {
    return this.#drawing
  }

  colorsOf(language: string): FenceColors | undefined {
    return this.#fences?.(language)
  }
}

interface Painter {
  hasDrawn: boolean
  fence: { readonly colors: FenceColors | undefined } | undefined
}

interface Paper {
  readonly columns: number
  readonly drawing: Drawing
  colorsOf(language: string): FenceColors | undefined
}

/** The lines of a piece, a blank one before each block but the first. */
function paint(piece: Piece, painter: Painter, paper: Paper): Line[] {
  const { columns, drawing } = paper
  switch (piece.kind) {
    case "block": {
      const lines = blocksOf(parseMarkdown(visible(piece.source)), columns, drawing)
      return lines.length === 0 ? [] : [...gap(painter), ...indented(lines, gutterOf(drawing))]
    }
    case "fence":
      painter.fence = { colors: piece.language === undefined ? undefined : paper.colorsOf(piece.language) }
      return [...gap(painter), ...indented(languageLine(piece.language, columns, drawing), gutterOf(drawing))]
    case "code": {
      const text = safeLine(piece.text)
      return indented(codeLine(text, painter.fence?.colors?.line(text), columns, drawing), gutterOf(drawing))
    }
    case "fence.end":
      painter.fence = undefined
      return []
  }
}

/** On a screen of two columns there is no gutter. */
function gutterOf({ look }: Drawing): number {
  return look.columns > GUTTER ? GUTTER : 0
}

function gap(painter: Painter): Line[] {
  const hadDrawn = painter.hasDrawn
  painter.hasDrawn = true
  return hadDrawn ? [[]] : []
}

/** A line may end in CR LF. */
function endless(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text
}
