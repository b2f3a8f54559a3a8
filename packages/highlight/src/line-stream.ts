import type { Edit, Tree } from "web-tree-sitter"
import type { Loaded } from "./grammars.ts"
import type { Kinds } from "./kinds.ts"
import { paint, toLines } from "./paint.ts"
import type { CodeLine } from "./token.ts"

/** Reads code line by line. Each time what was read before is used again, so a line costs the same wherever it stands. */
export class LineStream {
  readonly #loaded: Loaded
  readonly #kinds: Kinds
  readonly #bounds: { readonly charsMax: number; readonly timeMaxMs: number }
  #code = ""
  #rows = 0
  #tree: Tree | undefined
  #isOver = false

  constructor(loaded: Loaded, kinds: Kinds, bounds: { readonly charsMax: number; readonly timeMaxMs: number }) {
    this.#loaded = loaded
    this.#kinds = kinds
    this.#bounds = bounds
  }

  /** Undefined from the line on that took too long. */
  line(text: string): CodeLine | undefined {
    if (this.#isOver) return undefined
    const from = this.#code.length
    this.#code += `${text}\n`
    const deadlineMs = performance.now() + this.#bounds.timeMaxMs
    const tree = this.#code.length > this.#bounds.charsMax ? null : this.#grown(from, deadlineMs)
    const colors = tree === null ? undefined : paint(tree, this.#code, from, this.#kinds, deadlineMs)
    if (colors === undefined) this.close()
    return colors === undefined ? undefined : toLines(this.#code, from, colors)[0]
  }

  close(): void {
    this.#isOver = true
    this.#tree?.delete()
    this.#tree = undefined
  }

  #grown(from: number, deadlineMs: number): Tree | null {
    const { parser } = this.#loaded
    const before = this.#tree
    before?.edit(this.#edit(from))
    const tree = parser.parse(this.#code, before ?? null, { progressCallback: () => performance.now() > deadlineMs })
    if (tree === null) parser.reset()
    before?.delete()
    this.#tree = tree ?? undefined
    this.#rows += 1
    return tree
  }

  #edit(from: number): Edit {
    const at = { row: this.#rows, column: 0 }
    return this.#loaded.edit({
      startPosition: at,
      oldEndPosition: at,
      newEndPosition: { row: this.#rows + 1, column: 0 },
      startIndex: from,
      oldEndIndex: from,
      newEndIndex: this.#code.length,
    })
  }
}
