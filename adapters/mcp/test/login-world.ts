import { createHash, randomBytes } from "node:crypto"
import type { FoundServer } from "../src/config/found.ts"
import { logins } from "../src/oauth/logins.ts"
import type { LoginPlaces, LoginWorld, Person } from "../src/oauth/world.ts"

/** A browser that agrees to all it is asked: where it is sent in the end, followed by nobody. */
async function agreed(page: string): Promise<URL> {
  const response = await fetch(page, { redirect: "manual" })
  return new URL(response.headers.get("location") ?? page)
}

/** Places for logins in memory, and a person whose browser agrees; both as the host has them, without a window. */
export function loginWorld(options: { readonly kept?: Map<string, string>; readonly browser?: typeof agreed } = {}) {
  const kept = options.kept ?? new Map<string, string>()
  const facts = { aheadMs: 0 }
  const [known, pages]: [string[], string[]] = [[], []]
  let last: Promise<unknown> = Promise.resolve()
  const places: LoginPlaces = {
    async read(id) {
      const text = kept.get(id)
      return text === undefined
        ? undefined
        : { text, source: "memory", replace: async (next) => void kept.set(id, next) }
    },
    async keep(id, text) {
      kept.set(id, text)
      return "memory"
    },
    remove: async (id) => (kept.delete(id) ? ["memory"] : []),
    exclusively(_, work) {
      const done = last.then(work)
      last = done.catch(() => undefined)
      return done
    },
    async authorize(page) {
      const [state, verifier] = [randomBytes(16).toString("hex"), randomBytes(32).toString("base64url")]
      const challenge = createHash("sha256").update(verifier).digest("base64url")
      const port = page.ports.find((one) => one > 0) ?? 45_454
      const redirectUri = `http://${page.host}:${port}${page.path}`
      const address = await page.page(redirectUri, state, challenge)
      pages.push(address)
      const { searchParams, origin, pathname } = await (options.browser ?? agreed)(address)
      if (`${origin}${pathname}` !== redirectUri || searchParams.get("state") !== state)
        throw new Error(`The browser ended elsewhere: ${origin}${pathname}`)
      const code = searchParams.get("code") ?? ""
      return { code, verifier, redirectUri, issuer: searchParams.get("iss") ?? undefined }
    },
  }
  const world: LoginWorld = {
    places: async () => places,
    fetch: (url, init) => fetch(url, init),
    know: (_, secret) => void known.push(secret),
    now: () => Date.now() + facts.aheadMs,
  }
  const person: Person = {
    say: () => undefined,
    open: async () => true,
    async *lines() {},
    isRemote: false,
    sleep: async () => undefined,
    signal: new AbortController().signal,
  }
  const all = logins({ ...world, through: (url, init) => fetch(url, init), envFor: () => ({}) })
  return {
    ...{ kept, facts, known, pages, person, places, world, all },
    login: (server: FoundServer, ...scopes: string[]) =>
      all.login(server, { scopes, person, place: async () => ({ set: async () => "memory" }) }),
  }
}

/** A server over HTTP as a configuration names it. */
export function found(url: string, login: FoundServer["login"] = {}, name = "fake"): FoundServer {
  return {
    ...{ name, group: name, scope: "user", isEnabled: true, isRequired: false, hosts: [], isUnconfined: false },
    ...{ spec: { name, transport: { kind: "http", url } }, login, asked: new Set(), approved: new Set() },
  }
}
