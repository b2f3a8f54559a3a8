import type { Language, Loaded } from "@skein/grammars"
import type { Tree } from "web-tree-sitter"
import { kindsOf } from "./kinds.ts"
import type { ReadBounds } from "./messages.ts"
import { openAfter } from "./open-text.ts"
import { paint } from "./paint.ts"

/** What a line may cost on average, after the first few. */
const LINE_MS = 2

/** Reads code line by line. Each time what was read before is used again, so a line costs the same wherever it stands. */
export class LineStream {
  readonly #loaded: Loaded
  readonly #language: Language
  readonly #bounds: ReadBounds
  #code = ""
  #rows = 0
  /** Behind the code, to end what is open in it. */
  #end = ""
  #tree: Tree | undefined
  #isOver = false
  /** Of all lines so far. */
  #spentMs = 0

  constructor(loaded: Loaded, language: Language, bounds: ReadBounds) {
    this.#loaded = loaded
    this.#language = language
    this.#bounds = bounds
  }

  /** Of each unit of the line and its newline the number of its kind. Undefined from the line on that took too long. */
  line(text: string): Uint8Array | undefined {
    if (this.#isOver) return undefined
    const from = this.#code.length
    const endBefore = this.#end
    this.#code += `${text}\n`
    this.#end = openAfter(text, endBefore === "" ? undefined : endBefore, this.#language) ?? ""
    const begunMs = performance.now()
    const tree = this.#grown(from, endBefore.length, begunMs)
    const colors = tree === null ? undefined : paint(tree, this.#code, from, kindsOf(this.#language))
    this.#spentMs += performance.now() - begunMs
    if (colors === undefined) this.close()
    return colors
  }

  close(): void {
    this.#isOver = true
    this.#tree?.delete()
    this.#tree = undefined
  }

  #grown(from: number, endLength: number, begunMs: number): Tree | null {
    const { reader, edit } = this.#loaded
    const { charsMax, reportsMax, timeMaxMs } = this.#bounds
    const leftMs = timeMaxMs + this.#rows * LINE_MS - this.#spentMs
    if (this.#code.length > charsMax || leftMs <= 0) return null
    const before = this.#tree
    const at = { row: this.#rows, column: 0 }
    before?.edit(
      edit({
        startPosition: at,
        oldEndPosition: { row: this.#rows, column: endLength },
        newEndPosition: { row: this.#rows + 1, column: this.#end.length },
        startIndex: from,
        oldEndIndex: from + endLength,
        newEndIndex: this.#code.length + this.#end.length,
      }),
    )
    const tree = reader.read(this.#code + this.#end, before, { reportsMax, deadlineMs: begunMs + leftMs })
    before?.delete()
    this.#tree = tree ?? undefined
    this.#rows += 1
    return tree
  }
}
