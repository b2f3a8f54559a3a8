import type { Line, Span, Style } from "@skein/term"
import { graphemesOf, headOf, isPlain, widthOf } from "./width.ts"

/** Text of several looks broken between words, so that no line is wider; words that are too long are broken anywhere. */
export function wrap(spans: readonly Span[], columns: number): Line[] {
  const breaker = new Breaker(Math.max(columns, 1))
  for (const { text, style } of spans)
    for (const [at, part] of text.split("\n").entries()) breaker.add(part, style, at > 0)
  return breaker.end()
}

/** Fills lines word by word. A word may be in several looks: it is held until a space ends it. */
class Breaker {
  readonly #columns: number
  readonly #lines: Line[] = []
  #line: Span[] = []
  #width = 0
  #space: Span | undefined
  #word: Span[] = []
  #wordWidth = 0

  constructor(columns: number) {
    this.#columns = columns
  }

  add(text: string, style: Style | undefined, isNewLine: boolean): void {
    if (isNewLine) this.#break()
    let at = 0
    while (at < text.length) {
      const space = text.indexOf(" ", at)
      if (space === at) {
        let end = at + 1
        while (text[end] === " ") end += 1
        this.#endWord()
        this.#addSpace(text.slice(at, end), style)
        at = end
        continue
      }
      const end = space === -1 ? text.length : space
      this.#addWord(text.slice(at, end), style)
      at = end
    }
  }

  end(): Line[] {
    this.#break()
    return this.#lines
  }

  #addWord(text: string, style: Style | undefined): void {
    if (isPlain(text)) return this.#hold(text, text.length, style)
    // Scripts without spaces may be broken at every wide character.
    for (const grapheme of graphemesOf(text)) {
      const width = widthOf(grapheme)
      if (width > 1) this.#endWord()
      this.#hold(grapheme, width, style)
      if (width > 1) this.#endWord()
    }
  }

  #hold(text: string, width: number, style: Style | undefined): void {
    const last = this.#word.at(-1)
    if (last !== undefined && last.style === style)
      this.#word[this.#word.length - 1] = { text: last.text + text, style }
    else this.#word.push({ text, style })
    this.#wordWidth += width
  }

  #addSpace(text: string, style: Style | undefined): void {
    // A space at the begin of a line of its own is indentation; one at a break is dropped.
    const before = this.#space?.text ?? ""
    this.#space = { text: before + text, style }
  }

  #endWord(): void {
    if (this.#word.length === 0) return
    const space = this.#space
    const spaceWidth = space?.text.length ?? 0
    if (this.#width + spaceWidth + this.#wordWidth <= this.#columns) {
      if (space !== undefined) this.#push(space.text, spaceWidth, space.style)
      for (const { text, style } of this.#word) this.#push(text, 0, style)
      this.#width += this.#wordWidth
    } else {
      if (this.#width > 0) this.#flush()
      for (const { text, style } of this.#word) this.#place(text, style)
    }
    this.#space = undefined
    this.#word = []
    this.#wordWidth = 0
  }

  /** Breaks anywhere where it has to. */
  #place(text: string, style: Style | undefined): void {
    let rest = text
    while (rest !== "") {
      const room = this.#columns - this.#width
      const head = headOf(rest, room)
      if (head === "" && this.#width > 0) {
        this.#flush()
        continue
      }
      // One that is wider than the whole line is left out: there is no place for it.
      const taken = head === "" ? (graphemesOf(rest.slice(0, GRAPHEME_UNITS_MAX))[0] ?? rest) : head
      if (head !== "") this.#push(head, widthOf(head), style)
      rest = rest.slice(taken.length)
    }
  }

  #push(text: string, width: number, style: Style | undefined): void {
    const last = this.#line.at(-1)
    if (last !== undefined && last.style === style)
      this.#line[this.#line.length - 1] = { text: last.text + text, style }
    else this.#line.push(style === undefined ? { text } : { text, style })
    this.#width += width
  }

  #break(): void {
    this.#endWord()
    this.#space = undefined
    this.#flush()
  }

  #flush(): void {
    this.#lines.push(this.#line)
    this.#line = []
    this.#width = 0
  }
}

const GRAPHEME_UNITS_MAX = 64
