/**
 * What is defined where, and who names it: read from syntax alone, so that it needs no language server and holds in code
 * that does not compile. What was read is kept beside and read anew where a file has changed. Lines count from 1. Names and
 * signatures are foreign text, on one line and bounded.
 */
export interface OutlinePort {
  /** The definitions of one file, in their order. Undefined for a language without a grammar. Throws ToolFailure. */
  outline(path: string, signal: AbortSignal): Promise<readonly Definition[] | undefined>
  /** Definitions by name, best first: the same name, then those that begin with it, then those that hold it. */
  find(
    tree: SourceTree,
    wanted: NameWanted,
    signal: AbortSignal,
  ): Promise<Covered<{ readonly found: readonly Located[] }>>
  /** The definitions that other files name most, as text within a budget. */
  map(tree: SourceTree, wanted: MapWanted, signal: AbortSignal): Promise<Covered<RepositoryMap>>
  /** Which files import each other, or which definitions call each other. */
  graph(tree: SourceTree, wanted: GraphWanted, signal: AbortSignal): Promise<Covered<CodeGraph>>
}

/** Files that may be read, from the root on, in any order. The root is absolute and resolved. */
export interface SourceTree {
  readonly root: string
  readonly files: readonly string[]
}

export interface Definition {
  readonly name: string
  /** `function`, `class`, `method`, `type` … */
  readonly kind: string
  readonly line: number
  readonly lineEnd: number
  /** How many definitions it stands within. */
  readonly depth: number
  /** Its first line, without its body. */
  readonly signature: string
}

export interface Located extends Definition {
  /** From the root on. */
  readonly path: string
}

export interface NameWanted {
  readonly name: string
  readonly kind?: string | undefined
  /** Only in this folder or file, from the root on. Empty: anywhere. */
  readonly within: string
  readonly limit: number
}

export interface MapWanted {
  /** As `TokensPort` estimates them. */
  readonly tokensMax: number
  /** Only what is in this folder or file, from the root on; the whole tree decides what matters. Empty: anywhere. */
  readonly within: string
  /** Paths from the root on, or names: what they are about comes first. */
  readonly focus: readonly string[]
}

export interface RepositoryMap {
  readonly text: string
  /** Files and definitions that are in the text. */
  readonly files: number
  readonly definitions: number
}

export interface GraphWanted {
  /** A file or folder from the root on, or the name of a definition. */
  readonly of: { readonly path: string } | { readonly symbol: string }
  /** What it uses, what uses it, or both. */
  readonly direction: "out" | "in" | "both"
  readonly depth: number
  readonly edgesMax: number
}

export interface CodeGraph {
  readonly edges: readonly GraphEdge[]
  /** More edges than were asked for. */
  readonly isCut: boolean
}

/** One node needs another. Of files the nodes are paths, of definitions `path:line name`. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  /** `imports`, `calls`. */
  readonly how: string
}

/** How much of the tree an answer rests on: reading a large one for the first time takes longer than a call may. */
export type Covered<T> = T & {
  /** Files in languages that have a grammar, and those of them that were read by now. */
  readonly filesAll: number
  readonly filesRead: number
}
