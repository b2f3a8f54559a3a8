/** One word of a line, as far as it is known before it runs. */
export interface Word {
  /** As the shell would pass it; undefined where only running tells. */
  readonly value: string | undefined
  readonly text: string
  readonly start: number
  /** What it begins with for certain. */
  readonly head: string
  /** An unquoted expansion: it may become several words, or none. */
  readonly isSplit: boolean
}

/** A word as it grows: what is known of it, and what of it stood without quotes. */
export interface Draft {
  literal: string
  head: string
  isKnown: boolean
  isSplit: boolean
  /** Unquoted characters; a quoted one stands as NUL. */
  bare: string
}

export function newDraft(): Draft {
  return { literal: "", head: "", isKnown: true, isSplit: false, bare: "" }
}

/** A name given a value before a command, or for the rest of the line. */
export interface Assignment {
  readonly name: string
  readonly value: string | undefined
  readonly text: string
}

export interface Redirect {
  readonly kind: "read" | "write" | "both" | "duplicate" | "text"
  readonly target: Word
  /** What a here-document or a here-string feeds; undefined where that is only known when it runs. */
  readonly body?: string | undefined
  /** Commands in substitutions of a here-document's text. */
  readonly nested?: readonly Node[]
  readonly text: string
}

/** What a line is made of. `nested` are commands in substitutions: they run first, each in a shell of its own. */
export type Node = Simple | List | Pipeline | Compound | FunctionNode

export interface Simple {
  readonly kind: "simple"
  readonly assigns: readonly Assignment[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
  readonly nested: readonly Node[]
  readonly text: string
  readonly start: number
}

export interface List {
  readonly kind: "list"
  readonly items: readonly {
    readonly node: Node
    readonly after: "&&" | "||" | ";" | "&" | ""
    /** Its result counts the other way round: `! grep x f`. */
    readonly isTurned?: boolean
  }[]
}

export interface Pipeline {
  readonly kind: "pipeline"
  readonly parts: readonly Node[]
}

/** `group`: runs as it stands. `branch`: some of its bodies may run. `loop`: they may run again and again. */
export interface Compound {
  readonly kind: "compound"
  readonly form: "group" | "subshell" | "branch" | "loop"
  readonly bodies: readonly Node[]
  readonly redirects: readonly Redirect[]
  readonly nested: readonly Node[]
  readonly text: string
}

export interface FunctionNode {
  readonly kind: "function"
  readonly name: string
  readonly body: Node
}

/** What holds for the whole line, found on the way. */
export interface Facts {
  /**
   * Names that get a value, and whether that value is known and harmless in arithmetic; near when a loop gives them names
   * of files below the folder and nothing else gives them any.
   */
  readonly assigned: Map<string, { readonly isPlain: boolean; readonly isNear?: boolean }>
  /** Names that arithmetic evaluates: what they hold is evaluated too, substitutions and all. */
  readonly arithmetic: Set<string>
  readonly functions: Set<string>
  /** Offsets of the first words of commands. */
  readonly commandStarts: Set<number>
  /** Parts of the text that are bodies of here-documents, with the operator that announced each. */
  readonly heredocs: { readonly operator: number; readonly from: number; readonly to: number }[]
}

export function noFacts(): Facts {
  return {
    assigned: new Map(),
    arithmetic: new Set(),
    functions: new Set(),
    commandStarts: new Set(),
    heredocs: [],
  }
}

/** Thrown while a line is read: it is not read the same by everybody, or not by us. The message is for a person. */
export class Unreadable extends Error {
  override readonly name = "Unreadable"
}
