/** What is being typed. `text` may hold newlines; `caret` counts UTF-16 units and lies between graphemes. */
export interface ComposerState {
  readonly text: string
  readonly caret: number
  /** The other end of a selection, when there is one. */
  readonly anchor?: number | undefined
  /** Long pastes and images stand in the text as one character of the private-use area each; here is what each stands for. */
  readonly chips: ReadonlyMap<string, Chip>
  readonly undone: readonly Snapshot[]
  readonly done: readonly Snapshot[]
  readonly kills: readonly string[]
  readonly editing: Editing
}

export type Editing =
  | { readonly kind: "emacs" }
  | { readonly kind: "vim"; readonly mode: "insert" | "normal" | "visual"; readonly pending: string }

export interface Snapshot {
  readonly text: string
  readonly caret: number
}

export type Chip =
  | { readonly kind: "text"; readonly text: string; readonly lines: number }
  /** `data` is base64. */
  | {
      readonly kind: "image"
      readonly mediaType: string
      readonly data: string
      readonly name: string
      readonly bytes: number
    }
