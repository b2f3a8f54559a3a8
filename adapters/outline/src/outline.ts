import type { OutlinePort, SourceTree } from "@skein/core/ports"
import { WorkerLink } from "./worker-link.ts"

export interface OutlineOptions {
  /** Where what was read is kept, absolute. */
  readonly cacheDir: string
  /** After so long without a question the memory is given back. */
  readonly idleMs?: number | undefined
}

export interface Outline extends OutlinePort {
  close(): void
}

/** Reads code in a thread of its own, which is not begun before the first question. */
export function outline({ cacheDir, idleMs = 60_000 }: OutlineOptions): Outline {
  const link = new WorkerLink(idleMs)
  const placed = ({ root, files }: SourceTree) => ({ root, cacheDir, files: files.map((file) => `${file}\0`).join("") })
  return {
    outline: (path, signal) => link.ask({ kind: "outline", path }, signal),
    find: (tree, wanted, signal) => link.ask({ kind: "find", wanted, ...placed(tree) }, signal),
    map: (tree, wanted, signal) => link.ask({ kind: "map", wanted, ...placed(tree) }, signal),
    graph: (tree, wanted, signal) => link.ask({ kind: "graph", wanted, ...placed(tree) }, signal),
    close: () => link.close(),
  }
}
