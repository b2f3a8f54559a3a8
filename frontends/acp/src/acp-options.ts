export interface Login {
  readonly id: string
  readonly name: string
  /** With an account, not a key. */
  readonly isAccount: boolean
}

/** What the program gives to one who speaks ACP. */
export interface AcpOptions {
  readonly version: string
  /** The model of a new session in this folder, `provider/model`. Throws SkeinError, saying what to do, when there is none to ask. */
  readonly startModel: (cwd: string) => Promise<string>
  /** Folders that every session may work in beside its own and those its client names. Absolute. */
  readonly extraRoots?: readonly string[] | undefined
  /** Providers that can be logged in to, or whose keys can be kept, by running this program with `login` and the id behind its words. */
  readonly logins?: (() => readonly Login[]) | undefined
  /** For stderr. */
  readonly warn: (text: string) => void
}
