import { countLines } from "@skein/protocol/turns"
import type { Block } from "../../transcript/block.ts"

/** A file that was changed, with the lines that came and went by all its changes. */
export interface ChangedFile {
  readonly path: string
  readonly added: number
  readonly removed: number
}

/** What calls changed, summed as they end: each change is counted once, however often it is asked. */
export class ChangedFiles {
  readonly #files = new Map<string, ChangedFile>()
  readonly #counted = new Set<string>()
  #newestFirst: readonly ChangedFile[] | undefined

  /** Calls that go on count nothing yet. */
  count(block: Block): void {
    if (block.kind !== "call" || !block.isFinal || block.changes === undefined) return
    if (this.#counted.has(block.id)) return
    this.#counted.add(block.id)
    for (const change of block.changes) {
      const { added, removed } = countLines(change)
      const before = this.#files.get(change.path) ?? { added: 0, removed: 0 }
      this.#files.delete(change.path)
      this.#files.set(change.path, {
        path: change.path,
        added: before.added + added,
        removed: before.removed + removed,
      })
    }
    this.#newestFirst = undefined
  }

  /** Newest change first. */
  get all(): readonly ChangedFile[] {
    this.#newestFirst ??= [...this.#files.values()].toReversed()
    return this.#newestFirst
  }
}
