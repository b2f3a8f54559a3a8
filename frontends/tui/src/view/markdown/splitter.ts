import { interruptsParagraph, type LineKind, lineKind } from "./line-kind.ts"

/** What is known of a document so far, in order. Nothing that was said is ever taken back. */
export type Piece =
  /** Source of one or more whole blocks. */
  | { readonly kind: "block"; readonly source: string }
  /** Source of one item of a list that is in no other. */
  | {
      readonly kind: "item"
      readonly source: string
      /** The item before is of the same list. */
      readonly isNext: boolean
      /** Its place in a numbered list, whatever its source says. */
      readonly ordinal: number | undefined
    }
  | { readonly kind: "fence"; readonly language: string | undefined }
  /** A line of the code of the fence. */
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "fence.end" }

type Open =
  | { readonly kind: "nothing" }
  /** Ends at a blank line, or where a block begins that needs none. */
  | { readonly kind: "paragraph" }
  | { readonly kind: "indented" }
  /** Ends at a blank line and nowhere else. */
  | { readonly kind: "html" }
  /** Ends with the line that holds this. */
  | { readonly kind: "raw"; readonly until: RegExp }
  | {
      readonly kind: "list"
      readonly indent: number
      readonly isAfterBlank: boolean
      readonly family: string
      readonly isNext: boolean
      readonly ordinal: number | undefined
    }
  | { readonly kind: "fence"; readonly mark: string; readonly indent: number }

const NOTHING: Open = { kind: "nothing" }

/**
 * Cuts Markdown into blocks as its lines come, each as soon as no later line can change it. What a later definition would
 * make of an earlier reference is not waited for. Costs the same for each line, however much came before.
 */
export class Splitter {
  #open: Open = NOTHING
  #source: string[] = []

  /** A whole line, without its newline. */
  line(text: string): Piece[] {
    const open = this.#open
    switch (open.kind) {
      case "fence":
        return this.#fenceLine(text, open)
      case "raw":
        this.#source.push(text)
        return open.until.test(text) ? this.#close() : []
      case "html":
        return isBlank(text) ? this.#close() : this.#more(text)
      case "indented":
        return isBlank(text) || lineKind(text).indent >= INDENTED
          ? this.#more(text)
          : [...this.#close(), ...this.#begin(text)]
      case "list":
        return this.#listLine(text, open)
      case "paragraph":
        if (isBlank(text)) return this.#close()
        return interruptsParagraph(lineKind(text)) ? [...this.#close(), ...this.#begin(text)] : this.#more(text)
      case "nothing":
        return this.#begin(text)
    }
  }

  /** The end of the document. */
  end(): Piece[] {
    if (this.#open.kind !== "fence") return this.#close()
    this.#open = NOTHING
    return [{ kind: "fence.end" }]
  }

  /** What the document would still be if it ended with this line, which may go on. Changes nothing. */
  tail(text: string): Piece[] {
    const other = new Splitter()
    other.#open = this.#open
    other.#source = this.#source.slice()
    // A closing fence that is on its way is no code.
    const isClosing =
      this.#open.kind === "fence" && /^ {0,3}(`+|~+)$/.test(text) && this.#open.mark.startsWith(text.trim())
    return [...(text === "" || isClosing ? [] : other.line(text)), ...other.end()]
  }

  #begin(text: string): Piece[] {
    if (isBlank(text)) return []
    const kind = lineKind(text)
    switch (kind.kind) {
      case "fence":
        this.#open = { kind: "fence", mark: kind.mark, indent: kind.indent }
        return [{ kind: "fence", language: kind.language }]
      case "alone":
        return [{ kind: "block", source: `${text}\n` }]
      case "raw":
        this.#source.push(text)
        this.#open = { kind: "raw", until: kind.until }
        return kind.until.test(text) ? this.#close() : []
      case "list":
        this.#open = itemOf(kind)
        return this.#more(text)
      default:
        this.#open = { kind: kind.kind === "html" || kind.kind === "indented" ? kind.kind : "paragraph" }
        return this.#more(text)
    }
  }

  #listLine(text: string, open: Extract<Open, { kind: "list" }>): Piece[] {
    if (isBlank(text)) {
      this.#open = { ...open, isAfterBlank: true }
      return this.#more(text)
    }
    const kind = lineKind(text)
    const isWithin = kind.indent >= open.indent
    if (!isWithin && kind.kind === "list") {
      const before = this.#close()
      this.#open = itemOf(kind, open)
      return [...before, ...this.#more(text)]
    }
    if (!isWithin && (open.isAfterBlank || endsList(kind))) return [...this.#close(), ...this.#begin(text)]
    this.#open = { ...open, isAfterBlank: false }
    return this.#more(text)
  }

  #fenceLine(text: string, { mark, indent }: Extract<Open, { kind: "fence" }>): Piece[] {
    const kind = lineKind(text)
    const isClosing =
      kind.kind === "fence" &&
      kind.mark[0] === mark[0] &&
      kind.mark.length >= mark.length &&
      kind.language === undefined &&
      kind.isBare
    if (!isClosing) return [{ kind: "code", text: text.slice(Math.min(indent, kind.indent)) }]
    this.#open = NOTHING
    return [{ kind: "fence.end" }]
  }

  #more(text: string): Piece[] {
    this.#source.push(text)
    return []
  }

  #close(): Piece[] {
    const open = this.#open
    const source = `${this.#source.join("\n")}\n`
    const isNothing = this.#source.length === 0
    this.#open = NOTHING
    this.#source = []
    if (isNothing) return []
    return open.kind === "list"
      ? [{ kind: "item", source, isNext: open.isNext, ordinal: open.ordinal }]
      : [{ kind: "block", source }]
  }
}

const INDENTED = 4

/** The item that a line begins, after the one that was open. */
function itemOf(kind: Extract<LineKind, { kind: "list" }>, before?: Extract<Open, { kind: "list" }>): Open {
  const isNext = before?.family === kind.family
  const ordinal = isNext && before.ordinal !== undefined ? before.ordinal + 1 : kind.number
  return { kind: "list", indent: kind.content, isAfterBlank: false, family: kind.family, isNext, ordinal }
}

function isBlank(text: string): boolean {
  return text.trim() === ""
}

/** What cannot be the rest of a paragraph in the last item. */
function endsList({ kind }: LineKind): boolean {
  return kind === "fence" || kind === "alone" || kind === "raw" || kind === "html"
}
