import type { Node as TreeNode } from "web-tree-sitter"

/** As much of a parser as is used of one. */
export interface BashParser {
  parse(text: string, before: null, options: { progressCallback: () => boolean }): BashTree | null
  delete(): void
}

interface BashTree {
  readonly rootNode: TreeNode
  delete(): void
}

/** What makes parsers, once it is loaded. */
export type MakeParser = () => BashParser

/**
 * A parser that runs as WebAssembly, kept at arm's length: one that was stopped is not used again, and a fault of it is a
 * line that is not understood, never an exception. When the engine itself is in doubt, it stays off.
 */
export class SecondReader {
  readonly #load: () => Promise<MakeParser>
  readonly #reportsMax: number
  #make: Promise<MakeParser> | undefined
  #parser: BashParser | undefined
  /**
   * Parsers and trees that were not given back. What broke stays here: were it collected, it would be given back by the
   * collector, and break again where nothing can be caught.
   */
  readonly #kept = new Set<BashParser | BashTree>()
  #faults = 0
  #isOff = false
  #isToldOff = false

  /** The parser may report `reportsMax` times before it is stopped; it reports every few hundred steps. */
  constructor(load: () => Promise<MakeParser>, reportsMax: number) {
    this.#load = load
    this.#reportsMax = reportsMax
  }

  /** Has everything there for the first line. */
  async prepare(): Promise<void> {
    await this.#maker()
  }

  /** What `judge` says of the tree of a text, or why there is none; undefined when there is nothing against it. */
  async read(text: string, judge: (root: TreeNode) => string | undefined): Promise<string | undefined> {
    const make = await this.#maker()
    if (make === undefined || this.#isOff) return this.#off()
    try {
      return this.#once(make, text, judge)
    } catch {
      // Whatever it was: after a fault in its memory, the code around it fails in any way.
      return this.#faulted(make)
    }
  }

  #once(make: MakeParser, text: string, judge: (root: TreeNode) => string | undefined): string | undefined {
    let reports = 0
    this.#parser ??= this.#keep(make())
    const tree = this.#parser.parse(text, null, { progressCallback: () => ++reports > this.#reportsMax })
    if (tree === null) {
      // What it remembers of the text it was stopped in has been seen to break the next one, even after a reset.
      const stopped = this.#parser
      this.#parser = undefined
      this.#giveBack(stopped)
      return "It takes too long to read"
    }
    this.#keep(tree)
    const found = tree.rootNode.hasError ? "A part of it cannot be read as bash" : judge(tree.rootNode)
    this.#giveBack(tree)
    return found
  }

  #keep<T extends BashParser | BashTree>(made: T): T {
    this.#kept.add(made)
    return made
  }

  #giveBack(made: BashParser | BashTree): void {
    made.delete()
    this.#kept.delete(made)
  }

  #faulted(make: MakeParser): string {
    this.#parser = undefined
    this.#faults += 1
    this.#isOff = this.#faults >= FAULTS_MAX || !this.#isSound(make)
    return this.#isOff ? this.#off() : "The second reader of bash broke over it"
  }

  /** Whether a new parser reads what everyone can read. */
  #isSound(make: MakeParser): boolean {
    try {
      const parser = this.#keep(make())
      const tree = parser.parse("a 'b'; c $(d)", null, { progressCallback: () => false })
      if (tree === null) return false
      const read = this.#keep(tree).rootNode.toString()
      this.#giveBack(tree)
      this.#giveBack(parser)
      return read === SOUND
    } catch {
      return false
    }
  }

  #off(): string {
    this.#isOff = true
    if (this.#isToldOff) return "The second reader of bash is off"
    this.#isToldOff = true
    return "The second reader of bash has broken and is off until skein is started again: every line that needs it is asked about"
  }

  async #maker(): Promise<MakeParser | undefined> {
    try {
      this.#make ??= this.#load()
      return await this.#make
    } catch {
      this.#isOff = true
      return undefined
    }
  }
}

/** Whoever breaks it that often does it on purpose. */
const FAULTS_MAX = 3

const SOUND =
  "(program (command name: (command_name (word)) argument: (raw_string)) (command name: (command_name (word)) argument: (command_substitution (command name: (command_name (word))))))"
