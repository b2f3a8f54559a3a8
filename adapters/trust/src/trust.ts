import { realpathSync } from "node:fs"
import { dirname } from "node:path"
import type { TakeLock } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { Item } from "./item.ts"
import { type Decided, type Decision, type Register, register } from "./register.ts"

/** What a folder is to the person who works in it. */
export interface FolderTrust {
  /** The real path of what is trusted as a whole: the repository, or the folder where there is none. */
  readonly folder: string
  /**
   * `trusted`: whatever could run there is known by its hash, and the person said yes. `changed`: they said yes, and there
   * is something new since. `untrusted`: all else. Where nothing could run there is nothing to ask: `trusted`.
   */
  readonly state: "trusted" | "untrusted" | "changed"
  readonly decision?: Decision | undefined
  /**
   * A person said that it is trusted, and it still is, or said so for this run: programs of the folder that are on no list,
   * such as the compiler it brings, may be run. That there was nothing to ask is not enough.
   */
  readonly isByPerson: boolean
  /** Milliseconds since the epoch. */
  readonly decidedAt?: number | undefined
  readonly items: readonly Item[]
  /** Those the person has not decided about as they are now. */
  readonly changed: readonly Item[]
}

export interface Trust {
  /**
   * Reads the folder and runs nothing of it. Whoever is about to run or go by something of a folder asks this, and then
   * uses only what is an item with the hash it has. Rejects with SkeinError.
   */
  trustOf(path: string): Promise<FolderTrust>
  /** Keeps what a person said about exactly these items. Rejects with SkeinError. */
  decide(folder: string, items: readonly Item[], decision: Decision): Promise<void>
  /** Keeps that there was nothing to ask, so that what comes later is known to be new. Rejects with SkeinError. */
  passUnasked(folder: string): Promise<void>
  /** Forgets what was decided; false when nothing was. */
  revoke(folder: string): Promise<boolean>
  /** Whether the person refused it: then not even its instruction files are read. Looks only into their register. */
  isRefused(path: string): boolean
  /** Everything that was decided, by folder. */
  all(): ReadonlyMap<string, Decided>
}

export interface TrustOptions {
  /** Absolute, in the person's data. */
  readonly file: string
  /** What lies there is the person's own. */
  readonly home: string
  readonly lock: () => Promise<TakeLock>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The repository that a real path lies in, when its `.git` is the person's own. */
  readonly repositoryOf: (path: string) => string | undefined
  /** The person said for this run alone that the folder is trusted. */
  readonly isTrusting: boolean
}

/** Which folders a person trusts, bound to what is in them. Nothing is read before it is asked for. */
export function trust(options: TrustOptions): Trust {
  const { home, now, isTrusting, repositoryOf } = options
  const kept: Register = register(options.file, options.lock)
  const rootOf = (path: string) => {
    const real = realOf(path)
    const repository = repositoryOf(real)
    return { real, folder: repository === undefined || repository === realOrSame(home) ? real : repository }
  }
  return {
    async trustOf(path) {
      const { real, folder } = rootOf(path)
      const items = folder === realOrSame(home) ? [] : await (await import("./inventory.ts")).inventory(folder, real)
      return judged(folder, items, kept.of(folder), isTrusting)
    },
    async decide(folder, items, decision) {
      const known = items.filter(({ isBound }) => isBound).map(({ kind, name, sha256 }) => ({ kind, name, sha256 }))
      await kept.put(folder, { decision, at: now(), items: known, isByPerson: true })
    },
    passUnasked: (folder) => kept.put(folder, { decision: "trusted", at: now(), items: [] }),
    async revoke(path) {
      const folder = kept.of(path) === undefined ? rootOf(path).folder : path
      if (kept.of(folder) === undefined) return false
      await kept.put(folder, undefined)
      return true
    },
    isRefused(path) {
      if (isTrusting) return false
      const all = kept.all()
      // Most people refuse nothing, and this is asked after every call.
      const isAny = all.values().some(({ decision }) => decision === "refused")
      return isAny && refusedBy(rootOf(path).folder, all)
    },
    all: () => kept.all(),
  }
}

function judged(
  folder: string,
  items: readonly Item[],
  decided: Decided | undefined,
  isTrusting: boolean,
): FolderTrust {
  const known = new Set(decided?.items.map(keyOf))
  const changed = items.filter((item) => item.isBound && !known.has(keyOf(item)))
  const state = isTrusting ? "trusted" : stateOf(items, changed, decided)
  // Nobody but a person says yes to items.
  const isSaid = decided?.decision === "trusted" && (decided.isByPerson === true || decided.items.length > 0)
  const isByPerson = state === "trusted" && (isTrusting || isSaid)
  return { folder, items, changed, decision: decided?.decision, decidedAt: decided?.at, state, isByPerson }
}

function stateOf(items: readonly Item[], changed: readonly Item[], decided: Decided | undefined): FolderTrust["state"] {
  if (decided?.decision === "refused") return "untrusted"
  if (decided === undefined) return items.some(({ isBound }) => isBound) ? "untrusted" : "trusted"
  return changed.length === 0 ? "trusted" : "changed"
}

/** Trust is passed on to nothing; a refusal is, to whatever lies below and was not decided about by itself. */
function refusedBy(folder: string, all: ReadonlyMap<string, Decided>): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const decided = all.get(at)
    if (decided !== undefined) return decided.decision === "refused"
    if (at === dirname(at)) return false
  }
}

function keyOf({ kind, name, sha256 }: Pick<Item, "kind" | "name" | "sha256">): string {
  return JSON.stringify([kind, name, sha256])
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (cause) {
    throw new SkeinError(
      "config.invalid",
      `Cannot look at ${path}: there is no such folder, or it cannot be entered.`,
      { cause },
    )
  }
}

function realOrSame(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (error instanceof Error && "code" in error) return path
    throw error
  }
}
