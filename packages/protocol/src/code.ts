/** A stretch of a file. Lines and columns count from 1, columns in UTF-16 units. */
export interface CodeRange {
  /** Absolute. */
  readonly path: string
  readonly line: number
  readonly column: number
  readonly lineEnd: number
  readonly columnEnd: number
}

export interface CodeSymbol {
  readonly name: string
  /** `function`, `class`, `method` …: the words of the language server protocol, in lower case. */
  readonly kind: string
  readonly range: CodeRange
  readonly container?: string | undefined
}

/** A language server or a linter. */
export interface CodeServer {
  readonly name: string
  readonly languages: readonly string[]
  readonly status: "running" | "idle" | "not_installed" | "failed" | "off"
  /** The root that it serves. */
  readonly root?: string | undefined
  readonly memoryBytes?: number | undefined
  /** Why it failed, or how to get it. */
  readonly note?: string | undefined
}
