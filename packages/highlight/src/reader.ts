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
 * stopped, or that broke, is not used again.
 */
export class Reader {
  readonly #make: () => Parser
  #parser: Parser | undefined
  #isBroken = false

  constructor(make: () => Parser) {
    this.#make = make
  }

  /** Null when it takes too long, or when the parser broke over something once. */
  read(code: string, before: Tree | undefined, { reportsMax, deadlineMs }: Effort): Tree | null {
    if (this.#isBroken) return null
    let reports = 0
    this.#parser ??= this.#make()
    try {
      const tree = this.#parser.parse(code, before ?? null, {
        progressCallback: () => ++reports > reportsMax || performance.now() > deadlineMs,
      })
      if (tree === null) this.#drop()
      return tree
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error
      // Colors are a nicety: code stays plain from here on, and nobody is kept from reading it.
      this.#isBroken = true
      return null
    }
  }

  #drop(): void {
    this.#parser?.delete()
    this.#parser = undefined
  }
}
