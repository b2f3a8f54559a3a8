import type { PluginParts } from "@skein/core/ports"
import { changedSettings, type Found, findHooks, stampAt } from "./found.ts"
import { candidates, type Places } from "./places.ts"

/** What holds in a place, and what other settings stand in its files than when it was last asked about. */
export interface Looked {
  readonly found: Found
  readonly changed?: Changed | undefined
}

interface Changed {
  readonly files: readonly { readonly path: string; readonly owner: "person" | "project" }[]
  /** What holds from now on: what stands there, or what stood there before. */
  settle(isTaken: boolean): Found
}

interface Known {
  readonly found: Found
  /** Somebody was told of what changed, and has not said yet whether it holds. */
  readonly isAsked: boolean
}

/** Reads a place's files again only where one of them is another. */
export class KnownHooks {
  readonly #places: Places
  readonly #known = new Map<string, Known>()

  constructor(places: Places) {
    this.#places = places
  }

  look(cwd: string, plugins: readonly PluginParts[]): Looked {
    const known = this.#known.get(cwd)
    if (known === undefined) return { found: this.#kept(cwd, findHooks(cwd, this.#places, plugins)) }
    const { found, isAsked } = known
    const stamp = stampAt(cwd, this.#places, plugins)
    const paths = changedSettings(found.stamp, stamp)
    if (paths.length === 0) {
      if (found.stamp.plugins === stamp.plugins) return { found }
      return { found: this.#kept(cwd, findHooks(cwd, this.#places, plugins)) }
    }
    // Each change is told once, to whoever comes first.
    if (isAsked) return { found }
    this.#known.set(cwd, { found, isAsked: true })
    const settle = (isTaken: boolean) =>
      this.#kept(cwd, isTaken ? findHooks(cwd, this.#places, plugins) : { ...found, stamp })
    return { found, changed: { files: this.#owned(cwd, paths), settle } }
  }

  /** As the files are now, for whoever only looks. */
  now(cwd: string, plugins: readonly PluginParts[]): Found {
    return findHooks(cwd, this.#places, plugins)
  }

  #kept(cwd: string, found: Found): Found {
    this.#known.set(cwd, { found, isAsked: false })
    return found
  }

  #owned(cwd: string, paths: readonly string[]) {
    const owners = new Map(candidates(cwd, this.#places).map(({ file, owner }) => [file, owner]))
    return paths.map((path) => ({ path, owner: owners.get(path) ?? "person" }))
  }
}
