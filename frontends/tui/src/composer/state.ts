/** What is being typed. `text` may hold newlines; `caret` counts UTF-16 units and lies between graphemes. */
export interface ComposerState {
  readonly text: string
  readonly caret: number
  /** The other end of a selection, when there is one. */
  readonly anchor?: number | undefined
  /** The cell that moves up and down keep to, while they follow each other. */
  readonly goal?: number | undefined
  /** Every character of the text that is reserved for chips (see `chips.ts`), with what it stands for. */
  readonly chips: ReadonlyMap<string, Chip>
  /** What can be undone, newest first, and what can be redone. */
  readonly done?: Changes | undefined
  readonly undone?: Changes | undefined
  /** What was killed, newest first. */
  readonly kills: readonly string[]
  /** What the key before this one did: neighbours of a kind are undone, and killed, as one. */
  readonly last: Last
  readonly editing: Editing
  /** What was sent from here, newest first. */
  readonly history: readonly Kept[]
  /** While lines of before are gone through. */
  readonly recall?: Recall | undefined
  readonly search?: Search | undefined
  readonly menu?: Menu | undefined
  /** Completion was left with Esc and stays away until this token is left. */
  readonly dismissedAt?: number | undefined
}

export type Editing = { readonly kind: "emacs" } | { readonly kind: "vim"; readonly vim: VimState }

/** Where a person stands who edits as in vi. */
export interface VimState {
  readonly mode: "insert" | "normal" | "visual" | "visual-line"
  /** Keys of a command that is not whole yet: `2d`, `ci`. */
  readonly pending: readonly string[]
  /** What `p` puts back; `isLines`: as lines of their own. */
  readonly register: { readonly text: string; readonly isLines: boolean }
  /** The newest f, F, t or T, for `;` and `,`. */
  readonly find?: { readonly key: string; readonly target: string } | undefined
  /** What `.` does again: the keys of the command, and what was typed after it. */
  readonly repeat?: Repeat | undefined
  /** While what is typed belongs to a command: and where undo stood before it. */
  readonly recording?: (Repeat & { readonly from: Changes | undefined }) | undefined
}

/** What `.` does again. */
export interface Repeat {
  readonly keys: readonly string[]
  readonly typed: readonly { readonly chord: string; readonly text?: string | undefined }[]
}

export type Last =
  | { readonly kind: "other" }
  | { readonly kind: "type" }
  | { readonly kind: "erase" }
  | { readonly kind: "kill" }
  | { readonly kind: "yank"; readonly start: number; readonly index: number }

/** One step of undo: `removed` stood at `at`, `inserted` stands there now. */
export interface Change {
  readonly at: number
  readonly removed: string
  readonly inserted: string
  readonly caretBefore: number
  readonly caretAfter: number
  /** Changes of one command carry the same mark and are undone together. */
  readonly mark: number
}

/** The newest change, and those before it. */
export interface Changes {
  readonly change: Change
  readonly rest?: Changes | undefined
}

export type Chip =
  /** `isPasted` is false for a character of the text that happens to be a reserved one. */
  | { readonly kind: "text"; readonly text: string; readonly lines: number; readonly isPasted: boolean }
  /** `data` is base64. */
  | {
      readonly kind: "image"
      readonly mediaType: string
      readonly data: string
      readonly name: string
      readonly bytes: number
    }
  /** A paste that is still being read; `name` says of what. */
  | { readonly kind: "expected"; readonly id: symbol; readonly name: string }

/** Nothing is typed, not even a blank. */
export function isEmpty(state: ComposerState): boolean {
  return state.text === ""
}

/** A text with what its chips stand for. */
export interface Kept {
  readonly text: string
  readonly chips: ReadonlyMap<string, Chip>
}

/** A text, and where its caret is. */
export interface Draft extends Kept {
  readonly caret: number
}

/** Which of the older lines stands in the composer, and what was typed before. */
export interface Recall {
  /** From 0, the newest. */
  readonly index: number
  /** The line as it was brought back: once it is changed, it is what is being typed. */
  readonly shown: string
  /** What was being typed before. */
  readonly draft: Draft
}

/** A search through what was typed before. */
export interface Search {
  readonly query: string
  /** Which line is shown; undefined while none matches or nothing is asked. */
  readonly index?: number | undefined
  readonly draft: Draft
}

/** What may come in the place of text[start, end). */
export interface Menu {
  readonly kind: "file" | "command" | "argument" | "shell"
  readonly start: number
  readonly end: number
  readonly query: string
  readonly entries: readonly MenuEntry[]
  readonly selected: number
  /** How many there are besides those. */
  readonly more: number
}

/** What can be completed to. */
export interface MenuEntry {
  readonly label: string
  /** Where the label holds what was typed: offsets in UTF-16 units. */
  readonly positions: readonly number[]
  /** How it goes on, behind the label: the arguments of a command. */
  readonly usage?: string | undefined
  /** The reason to choose it. */
  readonly detail: string
  /** What is put in. */
  readonly text: string
  /** Nothing more is needed: Enter may send it. */
  readonly isWhole: boolean
}

/** Where a session begins. */
export function emptyComposer(editing: "emacs" | "vim" = "emacs"): ComposerState {
  return {
    text: "",
    caret: 0,
    chips: new Map(),
    kills: [],
    last: { kind: "other" },
    editing: editing === "emacs" ? { kind: "emacs" } : { kind: "vim", vim: INSERTING },
    history: [],
  }
}

/** In insert mode at the start: what is typed there is one step of undo, as after `i`. */
const INSERTING: VimState = {
  mode: "insert",
  pending: [],
  register: { text: "", isLines: false },
  recording: { keys: ["i"], typed: [], from: undefined },
}
