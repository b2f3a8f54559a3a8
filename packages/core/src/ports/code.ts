import type { CodeRange, CodeServer, CodeSymbol } from "@skein/protocol"

export type { CodeRange, CodeServer, CodeSymbol }

/**
 * What language servers and linters know of the code: one server per language and root, started when a file of that
 * language is first asked about. Lines and columns count from 1, columns in UTF-16 units. Texts are foreign.
 */
export interface CodePort {
  /**
   * What they say of these files as they are on disk now. Waits at most `waitMs` for their answer; a server that needs
   * longer is named in `late`. Never throws for a server that fails: it is named there.
   */
  diagnostics(paths: readonly string[], options: CodeQuery & { readonly waitMs: number }): Promise<DiagnosticReport>
  /** Notes how files are before something changes them, for `introduced`. Starts nothing, and never throws. */
  beforeChange(paths: readonly string[], options: CodeQuery): Promise<void>
  /**
   * The errors of these files that were not there before they were changed. Waits at most `waitMs`, and not for a server that
   * has yet to start: what it says then comes with the next change of the file. Never throws for a server that fails.
   */
  introduced(paths: readonly string[], options: CodeQuery & { readonly waitMs: number }): Promise<DiagnosticReport>
  /** What stands at a place. Throws ToolFailure, saying what to install, when no server speaks the file's language. */
  at(question: CodeQuestion, place: CodePlace, options: CodeQuery): Promise<readonly CodeFinding[]>
  /** The symbols of one file, or with `query` those of the whole root whose name holds it. */
  symbols(
    where: { readonly path: string } | { readonly root: string; readonly query: string },
    options: CodeQuery,
  ): Promise<readonly CodeSymbol[]>
  /** The edits that a rename takes; nothing is written. */
  rename(place: CodePlace, newName: string, options: CodeQuery): Promise<readonly CodeEdit[]>
  /** The servers and linters that are there, and those that would be. */
  status(root: string): Promise<readonly CodeServer[]>
}

export interface CodeQuery {
  /** The session's folders; absolute. */
  readonly roots: readonly string[]
  readonly signal: AbortSignal
}

export type CodeQuestion = "hover" | "definition" | "references" | "implementation" | "type_definition"

export interface CodePlace {
  readonly path: string
  readonly line: number
  readonly column: number
}

export interface CodeFinding {
  readonly range?: CodeRange | undefined
  /** What hover says. */
  readonly text?: string | undefined
}

export interface CodeEdit {
  readonly range: CodeRange
  readonly newText: string
}

export interface Diagnostic {
  readonly range: CodeRange
  readonly severity: "error" | "warning" | "info" | "hint"
  readonly message: string
  /** Who says so: `typescript`, `ruff`. */
  readonly source: string
  readonly code?: string | undefined
}

export interface DiagnosticReport {
  readonly diagnostics: readonly Diagnostic[]
  /** Servers that did not answer in time or failed, each with a sentence. */
  readonly late: readonly string[]
}
