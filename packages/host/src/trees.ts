import { existsSync, realpathSync } from "node:fs"
import { join, relative } from "node:path"
import { isWithin, SkeinError } from "@skein/protocol"
import type { Trusting } from "./trusting.ts"

/** A worktree, as far as this is about it. Paths are absolute. */
export interface Tree {
  /** Its own root. */
  readonly path: string
  /** The root of the tree it was made of. */
  readonly repository: string
  /** The folder in it that a child works in. */
  readonly cwd: string
}

/** Folders that were made for children, and what they are copies of. */
export interface Trees {
  add(tree: Tree): void
  /** Whether the folder was made for a child of a session that works in the other. */
  isTreeOf(path: string, of: string): boolean
  /** The folder that this one is a copy of, through copies of copies; itself where it is none. Resolved where it is one. */
  originOf(path: string): Promise<string>
  /** The same as far as it is known without looking. */
  knownOriginOf(path: string): string
}

/** `folder` holds them all; `list` is asked for those of other processes, and only about what lies in it. */
export function treesIn(folder: string, list: () => Promise<readonly Tree[]>): Trees {
  /** By their real root. */
  const known = new Map<string, Tree & { readonly place: string }>()
  const add = (tree: Tree) => {
    if (!existsSync(tree.cwd) || !existsSync(tree.path)) return
    known.set(realpathSync(tree.path), { ...tree, place: realpathSync(tree.cwd) })
  }
  const treeAt = (path: string) => known.entries().find(([root]) => isWithin(path, root))
  const knownOriginOf = (path: string): string => {
    if (known.size === 0) return path
    const found = treeAt(realOf(path))
    if (found === undefined) return path
    const [root, { repository }] = found
    const same = join(repository, relative(root, realOf(path)))
    // What a child made is not in what its folder was copied from.
    const origin = existsSync(same) ? same : repository
    return existsSync(origin) ? knownOriginOf(realpathSync(origin)) : path
  }
  return {
    ...{ add, knownOriginOf },
    isTreeOf(path, of) {
      const tree = known.values().find(({ place }) => place === path)
      return tree !== undefined && isWithin(of, tree.repository)
    },
    async originOf(path) {
      const real = realOf(path)
      if (existsSync(folder) && isWithin(real, realpathSync(folder)) && treeAt(real) === undefined)
        for (const tree of await list()) add(tree)
      return knownOriginOf(path)
    },
  }
}

/**
 * What was said of a repository holds in copies of it that were made for children, for each item that is byte for byte the
 * same there; whatever else is in a copy was not decided about. A refusal of the one is a refusal of the other.
 */
export function trustInTrees(trust: Trusting, trees: () => Pick<Trees, "originOf" | "knownOriginOf">): Trusting {
  return {
    async trustOf(path) {
      const own = await trust.trustOf(path)
      const origin = await trees().originOf(path)
      if (own.decision !== undefined || own.isByPerson || origin === path) return own
      const { decision, isByPerson, items, changed } = await trust.trustOf(origin)
      if (!isByPerson) return own
      const undecided = new Set(changed.map(keyOf))
      const decided = new Set(items.map(keyOf).filter((key) => !undecided.has(key)))
      const isDecided = (item: (typeof items)[number]) => decided.has(keyOf(item))
      const others = own.items.filter((item) => !isDecided(item))
      const state = others.length === 0 ? "trusted" : "changed"
      return { ...own, state, decision, isByPerson, items: own.items.filter(isDecided), changed: others }
    },
    isRefused: (path) => trust.isRefused(path) || trust.isRefused(trees().knownOriginOf(path)),
  }
}

function keyOf({ kind, name, sha256 }: { readonly kind: string; readonly name: string; readonly sha256: string }) {
  return JSON.stringify([kind, name, sha256])
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    throw new SkeinError("config.invalid", `Cannot look at ${path}: it is gone, or cannot be entered.`, { cause })
  }
}
