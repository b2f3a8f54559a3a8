import type { SecretStore } from "../store.ts"
import { type KeptLogin, keptLogins, keptName } from "./kept.ts"
import type { Person } from "./login.ts"
import type { Authorized, BrowserLogin } from "./oauth/browser.ts"

/** Logins to servers that are no providers of models: the places and the page are the same, the rest is somebody else's. */
export interface ServerLogins {
  read(id: string): Promise<KeptLogin | undefined>
  /** Keeps it there and nowhere else; the words for where. Throws SkeinError `secret.unavailable`. */
  keep(id: string, text: string, store: Pick<SecretStore, "set">): Promise<string>
  /** Removes it from wherever it lies; the names of the places. */
  remove(id: string): Promise<readonly string[]>
  /** Lets no other skein on this machine change this login meanwhile. Throws SkeinError `login.unavailable`. */
  exclusively<T>(id: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** By a page in the person's browser. Throws SkeinError `login.refused`, `login.timeout`. */
  authorize(login: BrowserLogin, person: Person): Promise<Authorized>
}

export interface ServerLoginsOptions {
  /** Places for secrets that the person allows, in the order in which they are asked. */
  readonly stores: () => Promise<readonly SecretStore[]>
  readonly dataDir: string
  /** Whether any of them could have something, by what is there. */
  readonly couldHold: () => boolean
}

export function serverLogins({ stores, dataDir, couldHold }: ServerLoginsOptions): ServerLogins {
  const kept = keptLogins(stores, dataDir)
  return {
    read: async (id) => (couldHold() ? await kept.read(id) : undefined),
    async keep(id, text, store) {
      await kept.remove(id)
      return await store.set(keptName(id), text)
    },
    remove: async (id) => (couldHold() ? await kept.remove(id) : []),
    exclusively: (id, work, signal) => kept.exclusively(id, work, signal),
    authorize: async (login, person) => await (await import("./oauth/browser.ts")).authorize(login, person),
  }
}
