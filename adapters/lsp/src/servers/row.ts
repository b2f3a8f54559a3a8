/** A language server, as data. */
export interface ServerRow {
  readonly name: string
  /** By the end of a file's name: the protocol's id of its language. */
  readonly languages: Readonly<Record<string, string>>
  /** The ways to start it; the first whose program is found. */
  readonly commands: readonly (readonly string[])[]
  /** Its root is the outermost folder, from the session's own down to the file's, that holds one of these; else the session's own. */
  readonly rootMarkers: readonly string[]
  /** What a person does to get it. */
  readonly install: string
  /**
   * Code of the project's own that it would run: it is started only in a folder that the person trusts. `always`, or where
   * one of these lies in the root or in any folder above it.
   */
  readonly runsOfProject?: "always" | readonly string[] | undefined
  /** The `initializationOptions`. */
  readonly initialization?: Readonly<Record<string, unknown>> | undefined
  /** What it gets when it asks for its settings, by section. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  /** How it is asked for diagnostics, where the protocol's ways do not tell when it is done. */
  readonly dialect?: "tsserver" | undefined
}
