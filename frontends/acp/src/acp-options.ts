/** What the program gives to one who speaks ACP. */
export interface AcpOptions {
  readonly version: string
  /** The model of a new session in this folder, `provider/model`. Throws SkeinError, saying what to do, when there is none to ask. */
  readonly startModel: (cwd: string) => Promise<string>
  /** Folders that every session may work in beside its own and those its client names. Absolute. */
  readonly extraRoots?: readonly string[] | undefined
  /** For stderr. */
  readonly warn: (text: string) => void
}
