import { join } from "node:path"
import { HOMES, secretStores, ToolFailure } from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import type { ToolWorld } from "../define.ts"

/**
 * Refuses keys, tokens and browser profiles, in every mode: nothing a model is asked to do needs their content.
 * `named` is the path as written, made absolute and plain; `real` has its links resolved; `isOurs` when skein keeps it for
 * the model.
 */
export async function refuseSecrets(named: string, real: string, isOurs: boolean, world: ToolWorld): Promise<void> {
  if (PROCESS.test(real) || PROCESS.test(named)) throw refusal(named, "it shows the environment or memory of a process")
  if (isOurs) return
  const kept = await foldedStoresOf(world)
  if (isAtOrBelowAny(folded(named), kept) || isAtOrBelowAny(folded(real), kept)) {
    throw refusal(named, "it is where keys or passwords are kept")
  }
  const why = world.secretFiles?.reasonFor(real)
  if (why !== undefined) {
    throw refusal(named, why, " If they want you to see it, they name it in secrets.show of their config.toml.")
  }
}

/** Asks for each folder on the way: there are many stores, and few folders above a file. */
function isAtOrBelowAny(path: string, stores: ReadonlySet<string>): boolean {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) if (stores.has(at)) return true
  return stores.has("/")
}

const refusal = (path: string, why: string, cure = "") =>
  new ToolFailure(
    `Refused: ${path} is not opened, whatever the permissions, because ${why}. Ask the person for what you need.${cure}`,
  )

/** Whether skein keeps this for the model, where it keeps other things too. */
export async function isKept(real: string, world: ToolWorld): Promise<boolean> {
  const { shown = [] } = world
  if (shown.some((path) => isAtOrBelow(real, path))) return true
  return (await shownOf(world)).some((path) => isAtOrBelow(real, path))
}

const kept = new WeakMap<ToolWorld, { readonly atMs: number; readonly paths: Promise<readonly string[]> }>()

/** Skein makes them, and none but skein: a look that is not older than a second will do. */
function shownOf(world: ToolWorld): Promise<readonly string[]> {
  const last = kept.get(world)
  const atMs = performance.now()
  if (last !== undefined && atMs - last.atMs < FRESH_MS) return last.paths
  const paths = Promise.all((world.shown ?? []).map((path) => realStore(path, world)))
  kept.set(world, { atMs, paths })
  return paths
}

const FRESH_MS = 1_000

/** Environment, memory and the like of any process, this one included; see proc(5). */
const PROCESS =
  /^\/proc\/(?:kcore|(?:\d+|self|thread-self)(?:\/task\/\d+)?\/(?:environ|mem|auxv|maps|smaps|pagemap|syscall|stack))$/

/** Case is left out, because some file systems do. */
function folded(path: string): string {
  return path.toLowerCase()
}

function isAtOrBelow(path: string, store: string): boolean {
  return isWithin(folded(path), folded(store))
}

const stores = new WeakMap<ToolWorld, Promise<readonly string[]>>()
const foldedStores = new WeakMap<ToolWorld, Promise<ReadonlySet<string>>>()

/** The same without case, folded once: every path that is opened is held against all of them. */
function foldedStoresOf(world: ToolWorld): Promise<ReadonlySet<string>> {
  const kept = foldedStores.get(world)
  if (kept !== undefined) return kept
  const found = storesOf(world).then((all) => new Set(all.map(folded)))
  foldedStores.set(world, found)
  return found
}

/** Files and folders that hold keys, as named and as resolved: a store can be a link itself. Resolved once. */
export function storesOf(world: ToolWorld): Promise<readonly string[]> {
  const kept = stores.get(world)
  if (kept !== undefined) return kept
  const found = findStores(world)
  stores.set(world, found)
  return found
}

async function findStores(world: ToolWorld): Promise<readonly string[]> {
  const homes = [...(world.home === undefined ? [] : [world.home]), HOMES.root, ...(await otherHomes(world))]
  const named = [...secretStores(homes), ...(world.secrets ?? [])]
  const real = await Promise.all(named.map((path) => realStore(path, world)))
  return [...new Set([...named, ...real])]
}

async function otherHomes({ files }: ToolWorld): Promise<readonly string[]> {
  const found = await Promise.all(
    HOMES.parents.map(async (parent) => {
      const isThere = (await files.stat(parent))?.kind === "directory"
      return isThere ? (await files.list(parent)).map(({ name }) => join(parent, name)) : []
    }),
  )
  return found.flat()
}

/** A store that is not there, or cannot be looked at, is still refused by name. */
async function realStore(path: string, world: ToolWorld): Promise<string> {
  try {
    return (await world.files.stat(path)) === undefined ? path : await world.files.resolve(path)
  } catch (error) {
    if (error instanceof ToolFailure) return path
    throw error
  }
}
