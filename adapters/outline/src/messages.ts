import type {
  CodeGraph,
  Covered,
  Definition,
  GraphWanted,
  Located,
  MapWanted,
  NameWanted,
  RepositoryMap,
} from "@skein/core/ports"

/** What is asked of the worker. Names of files come as one text, each ended by NUL: that is the cheapest to hand over. */
export type Request =
  | { readonly kind: "outline"; readonly path: string }
  | ({ readonly kind: "find"; readonly wanted: NameWanted } & Tree)
  | ({ readonly kind: "map"; readonly wanted: MapWanted } & Tree)
  | ({ readonly kind: "graph"; readonly wanted: GraphWanted } & Tree)

interface Tree {
  readonly root: string
  readonly files: string
  readonly cacheDir: string
}

export interface Answers {
  readonly outline: readonly Definition[] | undefined
  readonly find: Covered<{ readonly found: readonly Located[] }>
  readonly map: Covered<RepositoryMap>
  readonly graph: Covered<CodeGraph>
}

export type Asked =
  | { readonly id: number; readonly request: Request }
  /** Nobody waits for it any more. */
  | { readonly id: number; readonly request: "stop" }

export type Answer =
  | { readonly id: number; readonly answer: Answers[keyof Answers] }
  /** A sentence for the model: what could not be done. */
  | { readonly id: number; readonly failure: string }
