import type { Highlighter } from "@skein/highlight"
import type { CodeLook } from "../view/markdown/context.ts"

/** Told when code can be drawn better than before, or why it cannot. */
export interface CodeListener {
  loaded(): void
  failed(language: string, error: unknown): void
}

/**
 * Colors for code, once they are there: what reads a language is loaded when code of it is first drawn, plain, and what is
 * still live is then drawn again. Nothing is loaded for a session without code.
 */
export class LazyCode implements CodeLook {
  readonly #listener: CodeListener
  /** Those that are there, or will never be. */
  readonly #asked = new Set<string>()
  #highlighter: Highlighter | undefined

  constructor(listener: CodeListener) {
    this.#listener = listener
  }

  highlighted(code: string, language: string): ReturnType<Highlighter["highlighted"]> {
    this.#want(language)
    return this.#highlighter?.highlighted(code, language)
  }

  stream(language: string): ReturnType<Highlighter["stream"]> {
    this.#want(language)
    return this.#highlighter?.stream(language)
  }

  #want(language: string): void {
    if (this.#asked.has(language)) return
    this.#asked.add(language)
    this.#prepare(language).then(
      (isThere) => (isThere ? this.#listener.loaded() : undefined),
      (error: unknown) => this.#listener.failed(language, error),
    )
  }

  async #prepare(language: string): Promise<boolean> {
    const { createHighlighter } = await import("@skein/highlight")
    this.#highlighter ??= createHighlighter({ arrived: () => this.#listener.loaded() })
    return this.#highlighter.prepare(language)
  }
}
