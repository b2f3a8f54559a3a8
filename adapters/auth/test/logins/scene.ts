import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { Issued, LoginOwner, LoginWish, Person } from "../../src/logins/login.ts"
import { logins } from "../../src/logins/logins.ts"
import type { SecretSource, SecretStore } from "../../src/store.ts"

export const NO_WISH: LoginWish = { way: undefined }

/** A person's machine without anything on it: a home, a place for secrets in memory, a clock that is moved. */
export function scene(env: Readonly<Record<string, string>> = {}) {
  const home = mkdtempSync(join(tmpdir(), "skein-logins-"))
  const kept = new Map<string, string>()
  const store: SecretStore = {
    name: "keyring",
    state: async () => ({ kind: "ready", detail: "" }),
    get: async (name) => {
      const value = kept.get(name)
      return value === undefined ? undefined : { value, source: "memory" }
    },
    set: async (name, value) => {
      kept.set(name, value)
      return "memory"
    },
    delete: async (name) => kept.delete(name),
  }
  let aheadMs = 0
  const issued: Issued[] = []
  const allowed = new Set<SecretSource>(["environment", "key_file", "keyring"])
  const slept: number[] = []
  const said: string[] = []
  const opened: string[] = []
  const person: Person = {
    say: (line) => void said.push(line),
    open: async (url) => {
      opened.push(url)
      return true
    },
    async *lines() {},
    isRemote: false,
    sleep: async (ms) => void slept.push(ms),
    signal: new AbortController().signal,
  }
  /** As a new start of skein has them. */
  const fresh = () =>
    logins({
      ...{ env, home, dataDir: join(home, "data"), now: () => Date.now() + aheadMs, stores: async () => [store] },
      isAllowed: (source) => allowed.has(source),
      fetch: (url, init) => fetch(url, init),
      onIssued: (_, one) => void issued.push(one),
    })
  const all = fresh()
  return {
    ...{ home, env, kept, issued, allowed, person, slept, said, opened, all, fresh },
    login: (owner: LoginOwner, wish: Partial<LoginWish> = {}) =>
      all.login(owner, { ...NO_WISH, ...wish }, person, async () => store),
    /** Moves the clock. */
    later(ms: number) {
      aheadMs += ms
    },
    file(path: string, text: string, mode = 0o600): string {
      const at = join(home, path)
      mkdirSync(dirname(at), { recursive: true })
      writeFileSync(at, text)
      chmodSync(at, mode)
      return at
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

export type LoginScene = ReturnType<typeof scene>

/** Code and words of what was refused. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return "nothing was refused"
  } catch (error) {
    return error instanceof Error && "code" in error ? `${String(error.code)}: ${error.message}` : String(error)
  }
}
