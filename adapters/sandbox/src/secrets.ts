import { join } from "node:path"
import { HOMES, secretStores } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import type { Looks } from "./looks.ts"

/** Paths no command may see, if they are there. `extra` are the host's own: where skein keeps its data and settings. */
export function hiddenPaths(home: string | undefined, extra: readonly string[], { names }: Looks): readonly string[] {
  const others = HOMES.parents.flatMap((parent) => (names(parent) ?? []).map((name) => join(parent, name)))
  const homes = [...new Set([...(home === undefined ? [] : [home]), HOMES.root, ...others])]
  return [...secretStores([]), ...homes.flatMap((folder) => storesIn(folder, names(folder))), ...extra]
}

/** A look at the names in a home folder is cheaper than one at each of the places where something could be. */
function storesIn(home: string, names: readonly string[] | undefined): readonly string[] {
  const stores = storesOf(home)
  if (names === undefined) return [...stores.values()].flat()
  return names.flatMap((name) => stores.get(name) ?? [])
}

/** By the first name below the home folder. */
type Stores = ReadonlyMap<string, readonly string[]>

const storesOfHome = new Map<string, Stores>()

function storesOf(home: string): Stores {
  const known = storesOfHome.get(home)
  if (known !== undefined) return known
  const paths = secretStores([home]).filter((path) => isWithin(path, home))
  const made = Map.groupBy(paths, (path) => path.slice(home.length).split("/").find(Boolean) ?? "")
  storesOfHome.set(home, made)
  return made
}
