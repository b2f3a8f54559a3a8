import type { Tree } from "web-tree-sitter"
import { type Loaded, loadGrammar } from "./grammars.ts"
import { kindsOf } from "./kinds.ts"
import { type Language, languageOf } from "./languages.ts"
import { LineStream } from "./line-stream.ts"
import { paint, toLines } from "./paint.ts"
import type { CodeLine } from "./token.ts"

/** Says what the pieces of code are, as far as it can say so at once. One that is never asked costs nothing. */
export interface Highlighter {
  /**
   * The lines of a code, in pieces; undefined while its language is not loaded, for languages that are not known, and for
   * code that is too long or too strange to be read in a moment. The same code is read once.
   */
  highlighted(code: string, language: string): readonly CodeLine[] | undefined
  /** Reads lines as they come; undefined as above. */
  stream(language: string): CodeStream | undefined
  /** Languages that were asked for and are not loaded, each named once. Whoever draws prepares them and draws again. */
  wanted(): readonly Language[]
  /** Loads a language; true when it is there, false when none has that name. */
  prepare(language: string): Promise<boolean>
}

/** Code that is still being written. What a line was said to be stays. */
export interface CodeStream {
  /** The next line, without its newline. */
  line(text: string): CodeLine | undefined
  /** Gives back what was kept of it. Whoever opened it closes it. */
  close(): void
}

export interface Bounds {
  readonly charsMax: number
  /**
   * How often the parser may report that it is still at work on one piece of code. It counts steps, not time: what is
   * colored on one machine is on all.
   */
  readonly reportsMax: number
  /** The last resort, for input that makes every step dear. */
  readonly timeMaxMs: number
  /** Of all code whose lines are kept. */
  readonly keptCharsMax: number
}

const BOUNDS: Bounds = { charsMax: 60_000, reportsMax: 2_000, timeMaxMs: 150, keptCharsMax: 2_000_000 }

export function createHighlighter(bounds: Partial<Bounds> = {}): Highlighter {
  return new TreeHighlighter({ ...BOUNDS, ...bounds })
}

class TreeHighlighter implements Highlighter {
  readonly #bounds: Bounds
  readonly #loaded = new Map<Language, Loaded>()
  readonly #wanted = new Set<Language>()
  readonly #named = new Set<Language>()
  readonly #kept = new Map<string, { readonly lines: readonly CodeLine[] | undefined; readonly chars: number }>()
  #keptChars = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  highlighted(code: string, name: string): readonly CodeLine[] | undefined {
    const language = languageOf({ fence: name })
    if (language === undefined || code.length > this.#bounds.charsMax) return undefined
    const loaded = this.#loadedOf(language)
    if (loaded === undefined) return undefined
    const key = `${language} ${code.length} ${Bun.hash(code)}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return this.#touch(key, kept)
    const lines = this.#read(code, language, loaded)
    this.#keep(key, { lines, chars: code.length + 1 })
    return lines
  }

  stream(name: string): CodeStream | undefined {
    const language = languageOf({ fence: name })
    const loaded = language === undefined ? undefined : this.#loadedOf(language)
    return language === undefined || loaded === undefined ? undefined : new LineStream(loaded, language, this.#bounds)
  }

  wanted(): readonly Language[] {
    const wanted = [...this.#wanted]
    this.#wanted.clear()
    return wanted
  }

  async prepare(name: string): Promise<boolean> {
    const language = languageOf({ fence: name })
    if (language === undefined) return false
    this.#named.add(language)
    if (!this.#loaded.has(language)) this.#loaded.set(language, await loadGrammar(language))
    return true
  }

  #loadedOf(language: Language): Loaded | undefined {
    const loaded = this.#loaded.get(language)
    if (loaded === undefined && !this.#named.has(language)) {
      this.#named.add(language)
      this.#wanted.add(language)
    }
    return loaded
  }

  #read(code: string, language: Language, { reader }: Loaded): readonly CodeLine[] | undefined {
    const { reportsMax, timeMaxMs } = this.#bounds
    const tree = reader.read(code, undefined, { reportsMax, deadlineMs: performance.now() + timeMaxMs })
    return tree === null ? undefined : painted(tree, code, language)
  }

  #keep(key: string, entry: { readonly lines: readonly CodeLine[] | undefined; readonly chars: number }): void {
    this.#kept.set(key, entry)
    this.#keptChars += entry.chars
    for (const [oldest, { chars }] of this.#kept) {
      if (this.#keptChars <= this.#bounds.keptCharsMax) return
      this.#kept.delete(oldest)
      this.#keptChars -= chars
    }
  }

  /** What was asked for last goes last. */
  #touch(key: string, entry: { readonly lines: readonly CodeLine[] | undefined; readonly chars: number }) {
    this.#kept.delete(key)
    this.#kept.set(key, entry)
    return entry.lines
  }
}

function painted(tree: Tree, code: string, language: Language): readonly CodeLine[] | undefined {
  try {
    const colors = paint(tree, code, 0, kindsOf(language))
    return colors === undefined ? undefined : toLines(code, 0, colors)
  } finally {
    tree.delete()
  }
}
