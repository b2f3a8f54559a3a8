import { type Language, languageOf } from "@skein/grammars"
import { toLines } from "./lines.ts"
import type { CodeLine } from "./token.ts"
import { type LinkBounds, WorkerLink } from "./worker-link.ts"

/** Says what the pieces of code are, as far as it can say so at once. One that is never asked costs nothing. */
export interface Highlighter {
  /**
   * The lines of a code, in pieces; undefined while its language is not loaded or the code is still being read, for
   * languages that are not known, and for code that is too long or too strange. The same code is read once.
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
  /** The next line, without its newline; undefined when that is not known within a moment. */
  line(text: string): CodeLine | undefined
  /** Gives back what was kept of it. Whoever opened it closes it. */
  close(): void
}

/** What reading code may cost, and how much of it is kept. */
export interface Bounds extends LinkBounds {
  /** Of all code whose lines are kept. */
  readonly keptCharsMax: number
}

export interface HighlighterOptions extends Partial<Bounds> {
  /** Called when code that was asked about has been read since: drawn again, it has colors. */
  readonly arrived?: () => void
}

/** No key waits longer than 50 ms to be seen: a draw waits for colors a third of that. */
const BOUNDS: Bounds = {
  ...{ charsMax: 60_000, reportsMax: 2_000, timeMaxMs: 400, keptCharsMax: 2_000_000 },
  ...{ waitMaxMs: 15, patienceMs: 5_000 },
}

/** Costs nothing until a language is asked for. */
export function createHighlighter({ arrived = () => undefined, ...bounds }: HighlighterOptions = {}): Highlighter {
  return new WorkerHighlighter({ ...BOUNDS, ...bounds }, arrived)
}

interface Kept {
  readonly lines: readonly CodeLine[] | undefined
  readonly chars: number
}

class WorkerHighlighter implements Highlighter {
  readonly #bounds: Bounds
  readonly #arrived: () => void
  readonly #link: WorkerLink
  readonly #loading = new Map<Language, Promise<void>>()
  readonly #loaded = new Set<Language>()
  readonly #wanted = new Set<Language>()
  readonly #named = new Set<Language>()
  readonly #asked = new Set<string>()
  readonly #kept = new Map<string, Kept>()
  #keptChars = 0
  #streams = 0
  #hasLate = false

  constructor(bounds: Bounds, arrived: () => void) {
    this.#bounds = bounds
    this.#arrived = arrived
    this.#link = new WorkerLink(bounds, () => this.#restarted())
  }

  highlighted(code: string, name: string): readonly CodeLine[] | undefined {
    const language = languageOf({ fence: name })
    if (language === undefined || code.length > this.#bounds.charsMax || !this.#isLoaded(language)) return undefined
    const key = `${language} ${code.length} ${Bun.hash(code)}`
    const kept = this.#kept.get(key)
    if (kept !== undefined) return this.#touch(key, kept)
    if (!this.#asked.has(key)) this.#ask(key, code, language)
    return this.#kept.get(key)?.lines
  }

  stream(name: string): CodeStream | undefined {
    const language = languageOf({ fence: name })
    if (language === undefined || !this.#isLoaded(language)) return undefined
    this.#streams += 1
    return new WorkerStream(this.#link, this.#streams, language, this.#bounds.charsMax)
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
    const loading = this.#loading.get(language) ?? this.#load(language)
    this.#loading.set(language, loading)
    await loading
    return true
  }

  async #load(language: Language): Promise<void> {
    while (!this.#loaded.has(language)) {
      await this.#link.start()
      if (this.#link.isOff) throw new Error("What reads code broke too often, and is off")
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#loaded.add(language)
          resolve()
        }
        this.#link.post({ kind: "prepare", language }, { done, lost: () => resolve() })
      })
    }
  }

  #isLoaded(language: Language): boolean {
    const isLoaded = this.#loaded.has(language)
    if (!isLoaded && !this.#named.has(language)) {
      this.#named.add(language)
      this.#wanted.add(language)
    }
    return isLoaded
  }

  #ask(key: string, code: string, language: Language): void {
    const chars = code.length + 1
    this.#asked.add(key)
    this.#link.ask(
      { kind: "read", language, code },
      {
        done: (colors, isLate) => {
          this.#asked.delete(key)
          this.#keep(key, { lines: colors?.length === code.length ? toLines(code, colors) : undefined, chars })
          this.#told(isLate && colors !== undefined)
        },
        lost: (isCause) => {
          this.#asked.delete(key)
          if (isCause) this.#keep(key, { lines: undefined, chars })
        },
      },
    )
  }

  /** Whoever draws is told once for all that came late. */
  #told(isNew: boolean): void {
    this.#hasLate ||= isNew
    if (!this.#hasLate || this.#asked.size > 0) return
    this.#hasLate = false
    this.#arrived()
  }

  /** What was loaded is loaded again by the next worker. */
  #restarted(): void {
    const languages = [...this.#loaded]
    this.#loaded.clear()
    this.#loading.clear()
    for (const language of languages) {
      // Without it there are no colors from here on, which whoever reads the code sees.
      this.prepare(language).then(
        () => this.#arrived(),
        () => undefined,
      )
    }
  }

  #keep(key: string, entry: Kept): void {
    this.#kept.set(key, entry)
    this.#keptChars += entry.chars
    for (const [oldest, { chars }] of this.#kept) {
      if (this.#keptChars <= this.#bounds.keptCharsMax) return
      this.#kept.delete(oldest)
      this.#keptChars -= chars
    }
  }

  /** What was asked for last goes last. */
  #touch(key: string, entry: Kept): readonly CodeLine[] | undefined {
    this.#kept.delete(key)
    this.#kept.set(key, entry)
    return entry.lines
  }
}

/** The worker reads the lines; one whose colors come late stays plain, and the ones after it are colored as ever. */
class WorkerStream implements CodeStream {
  readonly #link: WorkerLink
  readonly #generation: number
  readonly #stream: number
  readonly #charsMax: number
  #isOver = false

  constructor(link: WorkerLink, stream: number, language: Language, charsMax: number) {
    this.#link = link
    this.#generation = link.generation
    this.#stream = stream
    this.#charsMax = charsMax
    link.post({ kind: "open", stream, language }, NOBODY)
  }

  line(text: string): CodeLine | undefined {
    if (this.#isOver || text.length > this.#charsMax || this.#link.generation !== this.#generation) return undefined
    let line: CodeLine | undefined
    this.#link.ask(
      { kind: "line", stream: this.#stream, text },
      {
        done: (colors) => {
          if (colors?.length === text.length + 1) line = toLines(text, colors)[0]
          else this.close()
        },
        lost: () => undefined,
      },
    )
    return line
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#link.generation === this.#generation) this.#link.post({ kind: "close", stream: this.#stream }, NOBODY)
  }
}

const NOBODY = { done: () => undefined, lost: () => undefined }
