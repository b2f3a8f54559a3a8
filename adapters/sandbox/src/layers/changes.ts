import { lstatSync, readdirSync, type Stats } from "node:fs"
import { join } from "node:path"
import type { FileChange } from "@skein/protocol"
import { readable } from "./access.ts"
import { isWhiteout } from "./compare.ts"
import { type Content, contentOf, describe } from "./content.ts"
import type { Libc } from "./libc.ts"
import { type Pinned, pinParent } from "./pinned.ts"
import type { Placed, Survey } from "./survey.ts"

export interface Changes {
  readonly changes: readonly FileChange[]
  /** In sentences for a person: what is not listed, and what will not be kept. */
  readonly notes: readonly string[]
}

/** More than this nobody reads, and it has to fit into one event. */
const LISTED_MAX = 1_000
const WITHHELD_LISTED_MAX = 40
const DIFF_CHARACTERS_MAX = 400_000

/** What a person is shown of a layer. Whole folders are told file by file, up to a bound. */
export async function changesOf({ differences, withheld }: Survey, c: Libc): Promise<Changes> {
  const listing = new Listing(c, withheld)
  for (const difference of differences) await listing.add(difference)
  const more = withheld.size - WITHHELD_LISTED_MAX
  return {
    changes: listing.changes,
    notes: [
      ...listing.notes(),
      ...[...withheld].slice(0, WITHHELD_LISTED_MAX).map(([path, reason]) => `${path} will not be kept: ${reason}.`),
      ...(more > 0 ? [`${more} more paths will not be kept.`] : []),
    ],
  }
}

class Listing {
  readonly changes: FileChange[] = []
  readonly #libc: Libc
  readonly #withheld: Survey["withheld"]
  readonly #unlisted = new Map<string, number>()
  #diffLeft = DIFF_CHARACTERS_MAX

  constructor(libc: Libc, withheld: Survey["withheld"]) {
    this.#libc = libc
    this.#withheld = withheld
  }

  notes(): readonly string[] {
    return [...this.#unlisted].map(([folder, count]) => `${count} more changed in ${folder}.`)
  }

  async add({ overlay, path, kind, above, below }: Placed): Promise<void> {
    const shown = join(overlay.root, path)
    using real = pinParent(overlay.root, path)
    using own = above === undefined ? undefined : pinParent(join(overlay.folder, "upper"), path)
    const name = path.slice(path.lastIndexOf("/") + 1)
    const isReplacing = below !== undefined
    if (isReplacing && below.kind === "folder" && kind !== "mode") await this.#gone(real, name, shown)
    const hasFolder = above?.isDirectory() === true && kind === "put"
    if (own !== undefined && above !== undefined && hasFolder) {
      if (isReplacing && below.kind !== "folder") await this.#one(shown, await contentOf(real, name), undefined)
      return await this.#came(own, name, above, shown)
    }
    if (kind === "remove" && below?.kind === "folder") return
    const isTold = below !== undefined && (below.kind !== "folder" || kind === "mode")
    const before = isTold ? () => contentOf(real, name) : undefined
    if (own === undefined || above === undefined) return await this.#one(shown, before, undefined)
    await this.#one(shown, before, () => readable(own.at(name), above, () => contentOf(own, name)))
  }

  /** All that was below a folder that is to go. */
  async #gone(outer: Pinned, name: string, shown: string): Promise<void> {
    using folder = outer.child(name)
    const names = readdirSync(folder.at(".")).toSorted()
    if (names.length === 0) await this.#one(shown, await contentOf(outer, name), undefined)
    for (const inner of names) {
      const path = join(shown, inner)
      const isFolder = lstatSync(folder.at(inner)).isDirectory()
      if (isFolder) await this.#gone(folder, inner, path)
      else await this.#one(path, () => contentOf(folder, inner), undefined)
    }
  }

  /** All that is below a folder that is to come. */
  async #came(outer: Pinned, name: string, stats: Stats, shown: string): Promise<void> {
    await readable(outer.at(name), stats, async () => {
      using folder = outer.child(name)
      let count = 0
      for (const inner of readdirSync(folder.at(".")).toSorted()) {
        const own = lstatSync(folder.at(inner))
        const path = join(shown, inner)
        if (isWhiteout(own, folder.at(inner), this.#libc) || this.#withheld.has(path)) continue
        count += 1
        if (own.isDirectory()) await this.#came(folder, inner, own, path)
        else await this.#one(path, undefined, () => readable(folder.at(inner), own, () => contentOf(folder, inner)))
      }
      if (count === 0) await this.#one(shown, undefined, await contentOf(outer, name))
    })
  }

  async #one(path: string, before: Lazily, after: Lazily): Promise<void> {
    if (this.changes.length === LISTED_MAX) {
      const folder = path.slice(0, path.lastIndexOf("/"))
      const counted =
        this.#unlisted.size < UNLISTED_FOLDERS_MAX || this.#unlisted.has(folder) ? folder : "other folders"
      this.#unlisted.set(counted, (this.#unlisted.get(counted) ?? 0) + 1)
      return
    }
    const change = await describe(path, await given(before), await given(after), this.#diffLeft)
    this.#diffLeft -= change.diff?.length ?? 0
    this.changes.push(change)
  }
}

const UNLISTED_FOLDERS_MAX = 20

/** What is beyond the bound is not even read. */
type Lazily = Content | undefined | (() => Promise<Content>)

async function given(content: Lazily): Promise<Content | undefined> {
  return typeof content === "function" ? await content() : content
}
