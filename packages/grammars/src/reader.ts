import type { Parser, Tree } from "web-tree-sitter"

/** How much may be spent on one piece of code. */
export interface Effort {
  /** How often the parser may report that it is still at work. */
  readonly reportsMax: number
  /** On the scale of `performance.now`. */
  readonly deadlineMs: number
}

/**
 * One grammar, read with bounds: strange input can cost any parser a thousand times what code costs it. One that was
 * stopped is not used again. One that breaks throws: its memory is that of all, and not to be used again either.
 */
export class Reader {
  readonly #make: () => Parser
  #parser: Parser | undefined

  constructor(make: () => Parser) {
    this.#make = make
  }

  /** Null when it takes too long. */
  read(code: string, before: Tree | undefined, { reportsMax, deadlineMs }: Effort): Tree | null {
    let reports = 0
    this.#parser ??= this.#make()
    const tree = this.#parser.parse(code, before ?? null, {
      progressCallback: () => ++reports > reportsMax || performance.now() > deadlineMs,
    })
    if (tree === null) this.#drop()
    return tree
  }

  #drop(): void {
    this.#parser?.delete()
    this.#parser = undefined
  }
}
