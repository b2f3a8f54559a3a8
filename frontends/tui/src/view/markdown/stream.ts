import { visible } from "@skein/protocol"
import type { Line } from "@skein/term"
import type { Look } from "../look.ts"
import { GUTTER, indented, textColumns } from "../text/line.ts"
import { safeLine } from "../text/safe.ts"
import { wrap } from "../text/wrap.ts"
import { codeLine, languageLine } from "./code.ts"
import type { Drawing, FenceColors } from "./context.ts"
import { definitionsOf } from "./definitions.ts"
import { blocksOf, loneItem } from "./render.ts"
import { type Piece, Splitter } from "./splitter.ts"
import { type MarkdownNode, parseMarkdown } from "./tree.ts"

/**
 * Markdown as it arrives. `push` gives the lines that can never change again, each once; `tail` what is drawn below them
 * until then. All lines of `push` and `end` together are the document, however it was cut on its way.
 */
export class MarkdownStream {
  #drawing: Drawing
  #columns: number
  readonly #fences: Fences
  readonly #splitter = new Splitter()
  #painter: Painter
  /** The line that has no end yet. */
  #rest = ""

  constructor(drawing: Drawing, fences: Fences = (language) => drawing.code?.stream?.(language)) {
    this.#drawing = drawing
    this.#columns = textColumns(drawing.look.columns)
    this.#fences = fences
    this.#painter = { hasDrawn: false, wasLong: false, definitions: [], colors: undefined }
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
    // What colors a line keeps it: a line that goes on is not given to it.
    const painter = { ...this.#painter, colors: undefined }
    return this.#splitter
      .tail(MARK_ALONE.test(this.#rest) ? "" : endless(this.#rest))
      .flatMap((piece) => paint(piece, painter, { columns: this.#columns, drawing: this.#drawing, fences: noFences }))
  }

  /** Nothing comes any more. */
  end(): readonly Line[] {
    const last = this.#rest === "" ? [] : this.#splitter.line(endless(this.#rest))
    this.#rest = ""
    return [...last, ...this.#splitter.end()].flatMap((piece) => this.#paint(piece))
  }

  #paint(piece: Piece): Line[] {
    return paint(piece, this.#painter, { columns: this.#columns, drawing: this.#drawing, fences: this.#fences })
  }
}

/** The beginning of a fence or a heading, as far as it came: drawn as text it would be gone with the next word. */
const MARK_ALONE = /^ {0,3}(?:`{1,2}|~{1,2}|#{1,6} ?)$/

/** Who colors the lines of a fence. */
export type Fences = (language: string) => FenceColors | undefined

const noFences: Fences = () => undefined

interface Painter {
  hasDrawn: boolean
  /** The item before was one of several paragraphs. */
  wasLong: boolean
  /** Of links, as they are written. */
  definitions: readonly string[]
  colors: FenceColors | undefined
}

interface Paper {
  readonly columns: number
  readonly drawing: Drawing
  readonly fences: Fences
}

/** The lines of a piece, a blank one before each block but the first. */
function paint(piece: Piece, painter: Painter, { columns, drawing, fences }: Paper): Line[] {
  switch (piece.kind) {
    case "block": {
      const { definitions, rest } = definitionsOf(piece.source)
      painter.definitions = [...painter.definitions, ...definitions].slice(-DEFINITIONS_MAX)
      // They are told: text that was finished before them shows their names.
      const told = definitions.flatMap((line) =>
        wrap([{ text: safeLine(line), style: drawing.look.theme.dim }], columns),
      )
      const lines = blocksOf(parse(rest, painter), columns, drawing)
      return told.length + lines.length === 0
        ? []
        : [...gap(painter), ...indented([...told, ...lines], gutterOf(drawing))]
    }
    case "item": {
      const { lines, isLong } = loneItem(parse(piece.source, painter), piece.ordinal, columns, drawing)
      const isApart = !piece.isNext || painter.wasLong || isLong
      painter.wasLong = isLong
      return [...(isApart ? gap(painter) : []), ...indented(lines, gutterOf(drawing))]
    }
    case "fence":
      painter.colors = piece.language === undefined ? undefined : fences(piece.language)
      return [...gap(painter), ...indented(languageLine(piece.language, columns, drawing), gutterOf(drawing))]
    case "code": {
      const text = safeLine(piece.text)
      return indented(codeLine(text, painter.colors?.line(text), columns, drawing), gutterOf(drawing))
    }
    case "fence.end":
      painter.colors?.close()
      painter.colors = undefined
      return []
  }
}

/** With the links that were defined before it. */
function parse(source: string, { definitions }: Painter): readonly MarkdownNode[] {
  const isLinked = definitions.length > 0 && source.includes("[")
  return parseMarkdown(visible(isLinked ? `${definitions.join("\n")}\n\n${source}` : source))
}

const DEFINITIONS_MAX = 100

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
