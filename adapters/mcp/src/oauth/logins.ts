import { given } from "@skein/protocol/json"
import type { FoundServer } from "../config/found.ts"
import type { KeptOptions } from "../connection/options.ts"
import type { LoggedIn } from "./login.ts"
import type { LoggedOut } from "./logout.ts"
import { loginId, recordOf } from "./record.ts"
import { type Reached, remoteOf, wantsLogins } from "./remote.ts"
import type { LoginWorld, Person, Place } from "./world.ts"

/** How it stands with the login to one server; never a token. */
export interface McpLoginState {
  readonly name: string
  /**
   * `login`: somebody is logged in; `ended`: was, and has to again; `none`: nobody is, which a server may do without; `token`: its
   * settings name a token.
   */
  readonly state: "login" | "ended" | "none" | "token"
  readonly issuer?: string | undefined
  readonly scope?: string | undefined
  /** Milliseconds since the epoch; of what is renewed by itself, when it is. */
  readonly expiresAt?: number | undefined
  readonly isRenewable: boolean
  /** Where it is kept. */
  readonly source?: string | undefined
  /** Why it is over. */
  readonly ended?: string | undefined
}

/** What a person asked of a login. */
export interface McpLoginWish {
  readonly scopes: readonly string[]
  readonly person: Person
  readonly place: () => Promise<Place>
}

/** Logins to servers, each loaded when it is first used. */
export interface Logins {
  login(server: FoundServer, wish: McpLoginWish): Promise<LoggedIn>
  logout(server: FoundServer): Promise<LoggedOut>
  state(server: FoundServer): Promise<McpLoginState | undefined>
  /** What requests to it are signed with; undefined for a server that nobody logs in to. */
  authFor(server: FoundServer): KeptOptions["auth"]
}

export interface LoginsOptions extends LoginWorld {
  /** To servers themselves. */
  readonly through: (url: string, init?: RequestInit) => Promise<Response>
  readonly envFor: (server: FoundServer) => KeptOptions["env"]
}

export function logins(options: LoginsOptions): Logins {
  const remote = (server: FoundServer) => remoteOf(server, options.envFor(server))
  return {
    async login(server, { scopes, person, place }) {
      const reached = remote(server)
      const { logIn } = await import("./login.ts")
      const through = withHeaders(options.through, reached)
      return await logIn({ remote: reached, world: options, through, scopes, person, place })
    },
    logout: async (server) => await (await import("./logout.ts")).logOut(remote(server), options),
    async state(server) {
      const { name, spec } = server
      const kind = spec?.transport.kind
      if (kind !== "http" && kind !== "sse") return undefined
      if (!wantsLogins(spec)) return { name, state: "token", isRenewable: false }
      return await stateOf(remote(server), options)
    },
    authFor(server) {
      if (!wantsLogins(server.spec)) return undefined
      const session = once(async () => (await import("./session.ts")).loginSession(() => remote(server), options))
      return {
        forget: () => void session().then((one) => one.forget?.()),
        token: async () => await (await session()).token(),
        onUnauthorized: async (context) => await (await session()).onUnauthorized?.(context),
      }
    },
  }
}

async function stateOf({ name, url }: Reached, world: LoginWorld): Promise<McpLoginState> {
  const kept = await (await world.places()).read(loginId(url))
  const record = kept === undefined ? undefined : recordOf(kept.text, url)
  if (kept === undefined || record === undefined) return { name, state: "none", isRenewable: false }
  const { authority, scope, expiresAt, refresh, ended } = record
  const isOver =
    ended !== undefined || (refresh === undefined && world.now() >= (expiresAt ?? Number.POSITIVE_INFINITY))
  return {
    ...{ name, state: isOver ? "ended" : "login", issuer: authority.issuer, source: kept.source },
    ...{ isRenewable: refresh !== undefined, ...given("scope", scope), ...given("expiresAt", expiresAt) },
    ...given("ended", ended ?? (isOver ? "wants a new login: the last one is over, and cannot be renewed" : undefined)),
  }
}

function withHeaders(through: LoginsOptions["through"], { headers }: Reached): LoginsOptions["through"] {
  return (url, init) => through(url, { ...init, headers: { ...headers, ...plain(init?.headers) } })
}

function plain(headers: RequestInit["headers"]): Record<string, string> {
  return Object.fromEntries(new Headers(headers).entries())
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
