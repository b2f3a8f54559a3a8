import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import type { SecretStore } from "../store.ts"
import { exclusively } from "./lock.ts"

/** A login that lies in one of the places for keys. */
export interface KeptLogin {
  readonly text: string
  readonly source: string
  readonly warning: string | undefined
  /** Puts another in its place. Throws SkeinError `secret.unavailable`. */
  replace(text: string): Promise<void>
}

/** Logins in the same places as keys, under a name of their own. */
export interface KeptLogins {
  read(id: string): Promise<KeptLogin | undefined>
  /** Removes it from wherever it lies; the names of the places. */
  remove(id: string): Promise<readonly string[]>
  /** Lets no other skein on this machine change this login meanwhile. Throws SkeinError `login.unavailable`. */
  exclusively<T>(id: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** The name under which a provider's login is kept: no key of a provider can have it. */
export function keptName(id: string): string {
  return `login:${id}`
}

/** A place that cannot be asked is passed over: what it holds is as good as not there. */
export function keptLogins(stores: () => Promise<readonly SecretStore[]>, dataDir: string): KeptLogins {
  return {
    async read(id) {
      for (const store of await stores()) {
        const found = await askable(store.get(keptName(id)))
        if (found === undefined) continue
        const replace = async (text: string) => void (await store.set(keptName(id), text))
        return { text: found.value, source: found.source, warning: found.warning, replace }
      }
      return undefined
    },
    async remove(id) {
      const removed: string[] = []
      for (const store of await stores()) {
        const { kind } = await store.state()
        if (kind === "ready" && (await store.delete(keptName(id)))) removed.push(store.name)
      }
      return removed
    },
    exclusively: (id, work, signal) => exclusively(join(dataDir, `login-${id}.lock`), work, signal),
  }
}

async function askable<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof SkeinError && error.code === "secret.unavailable") return undefined
    throw error
  }
}
