import type { Place } from "@skein/core/ports"

type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** Whoever logs in, and the terminal they sit at. */
interface Person {
  say(line: string): void
  open(url: string): Promise<boolean>
  lines(): AsyncIterable<string>
  readonly isRemote: boolean
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly signal: AbortSignal
}

interface SecretPlace {
  set(name: string, value: string): Promise<string>
}

interface Page {
  readonly name: string
  readonly issuer: string
  readonly isIssuerTold: boolean
  readonly host: "127.0.0.1"
  readonly ports: readonly number[]
  readonly path: string
  page(redirectUri: string, state: string, challenge: string): Promise<string>
  readonly isOfStranger: true
  readonly otherWay: string
}

/** What the adapter of secrets gives the one that speaks to servers. */
export interface LoginPlaces {
  read(
    id: string,
  ): Promise<{ readonly text: string; readonly source: string; replace(text: string): Promise<void> } | undefined>
  keep(id: string, text: string, place: SecretPlace): Promise<string>
  remove(id: string): Promise<readonly string[]>
  exclusively<T>(id: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  authorize(
    page: Page,
    person: Person,
  ): Promise<{
    readonly code: string
    readonly verifier: string
    readonly redirectUri: string
    readonly issuer: string | undefined
  }>
}

/** Where logins to servers are kept, and who is asked about them. */
export interface McpLoginWorld {
  readonly places: () => Promise<LoginPlaces>
  readonly fetch: Fetch
  readonly know: (name: string, secret: string) => void
}

/** How it stands with the login to one server; never a token. */
export interface McpLoginState {
  readonly name: string
  /** `none`: nobody is logged in, which a server may do without; `token`: its settings name a token. */
  readonly state: "login" | "ended" | "none" | "token"
  /** The login server. */
  readonly issuer?: string | undefined
  readonly scope?: string | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined
  readonly isRenewable: boolean
  /** Where it is kept. */
  readonly source?: string | undefined
  /** Why it is over. */
  readonly ended?: string | undefined
}

/** Logins to servers, for a person. Each method throws SkeinError that says what to do. */
export interface McpLogins {
  /** By a page in their browser. */
  login(
    name: string,
    place: Place,
    wish: { readonly scopes: readonly string[]; readonly person: Person; readonly place: () => Promise<SecretPlace> },
  ): Promise<{ readonly issuer: string; readonly scope: string | undefined; readonly place: string }>
  /** Takes it away, and ends it at its login server where that can be done. */
  logout(
    name: string,
    place: Place,
  ): Promise<{ readonly removed: readonly string[]; readonly notes: readonly string[] }>
  /** Those of all servers over HTTP, or of one. Asks no network. */
  states(place: Place, name?: string): Promise<readonly McpLoginState[]>
}
