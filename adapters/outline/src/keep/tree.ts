import { join } from "node:path"
import type { SourceTree } from "@skein/core/ports"
import { factsOf, isReadable } from "../read/reading.ts"
import { boundFolder, type Facts, type KeptFile, openFacts } from "./facts-file.ts"
import { type Stamp, sourceText, stampOf } from "./source-file.ts"

/** How much of a tree is known. */
export interface Coverage {
  readonly filesAll: number
  readonly filesRead: number
}

/** Whoever waits is asked about each so often: others want to be heard, and a call can be stopped. */
const PIECE_MS = 40
/** What was read is on disk by then, whatever happens to the process. */
const BATCH_MS = 400

/** One tree of code, and what is kept of it. Reads what has changed since, in pieces. */
export class KeptTree {
  readonly facts: Facts
  readonly root: string

  constructor(cacheDir: string, root: string) {
    const folder = join(cacheDir, "outline")
    this.root = root
    this.facts = openFacts(join(folder, `${Bun.hash.xxHash64(root).toString(16).padStart(16, "0")}.sqlite`))
    boundFolder(folder)
  }

  /**
   * Brings it up to date with these files, until it is or `mayGoOn` says no. Files that `isFirst` names are read first, then
   * those nearest to the root.
   */
  async refresh(
    { files }: Pick<SourceTree, "files">,
    isFirst: (path: string) => boolean,
    mayGoOn: () => boolean,
  ): Promise<Coverage> {
    const wanted = files.filter(isReadable)
    const { stale, gone } = await this.#compared(wanted, mayGoOn)
    this.#inOne(() => {
      for (const id of gone) this.facts.drop(id)
    })
    const rank = ({ path }: Stale) => (isFirst(path) ? 0 : 1_000) + path.split("/").length
    const order = stale.map((one) => ({ one, rank: rank(one) })).toSorted((a, b) => a.rank - b.rank)
    let read = 0
    let cleanedAt = 0
    while (read < order.length && mayGoOn()) {
      // The texts of files are most of what memory holds, and soon nobody's.
      if (read - cleanedAt >= FILES_PER_CLEANING) {
        Bun.gc(true)
        cleanedAt = read
      }
      read += await this.#readBatch(
        order.slice(read, read + BATCH_FILES_MAX).map(({ one }) => one),
        mayGoOn,
      )
    }
    return { filesAll: wanted.length, filesRead: wanted.length - (order.length - read) }
  }

  async #compared(wanted: readonly string[], mayGoOn: () => boolean) {
    const known = this.facts.known()
    const stale: Stale[] = []
    let pieceEndMs = performance.now() + PIECE_MS
    for (const path of wanted) {
      const kept = known.get(path)
      known.delete(path)
      const stamp = stampOf(this.root, path)
      if (stamp === undefined) {
        if (kept !== undefined) known.set(path, kept)
      } else if (kept?.mtimeMs !== stamp.mtimeMs || kept.size !== stamp.size) stale.push({ path, stamp, kept })
      if (performance.now() < pieceEndMs) continue
      await Bun.sleep(0)
      if (!mayGoOn()) break
      pieceEndMs = performance.now() + PIECE_MS
    }
    return { stale, gone: mayGoOn() ? [...known.values()].map(({ id }) => id) : [] }
  }

  /** How many of them were read before the time of a batch was over. */
  async #readBatch(batch: readonly Stale[], mayGoOn: () => boolean): Promise<number> {
    const done: { file: Stale; sum: string; facts: Awaited<ReturnType<typeof factsOf>> | "same" }[] = []
    const batchEndMs = performance.now() + BATCH_MS
    let pieceEndMs = performance.now() + PIECE_MS
    for (const file of batch) {
      const text = sourceText(this.root, file.path)
      const sum = text === undefined ? "" : Bun.hash(text).toString(16)
      const isSame = file.kept !== undefined && file.kept.sum === sum
      done.push({ file, sum, facts: isSame ? "same" : text === undefined ? undefined : await factsOf(file.path, text) })
      if (performance.now() < pieceEndMs) continue
      await Bun.sleep(0)
      if (!mayGoOn() || performance.now() > batchEndMs) break
      pieceEndMs = performance.now() + PIECE_MS
    }
    this.#inOne(() => {
      for (const { file, sum, facts } of done) this.#keep(file, sum, facts)
    })
    return done.length
  }

  #keep({ path, stamp, kept }: Stale, sum: string, facts: Awaited<ReturnType<typeof factsOf>> | "same"): void {
    if (facts === "same") {
      if (kept !== undefined) this.facts.touch(kept.id, stamp)
      return
    }
    if (kept !== undefined) this.facts.drop(kept.id)
    this.facts.put(path, { ...stamp, sum }, facts)
  }

  #inOne(work: () => void): void {
    this.facts.db.transaction(work).immediate()
  }
}

const BATCH_FILES_MAX = 500
const FILES_PER_CLEANING = 2_000

interface Stale {
  readonly path: string
  readonly stamp: Stamp
  readonly kept: KeptFile | undefined
}
