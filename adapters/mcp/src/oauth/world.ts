import type { FoundServer } from "../config/found.ts"

/** A login that is kept, wherever the person keeps secrets. */
export interface KeptText {
  readonly text: string
  /** For people: `OS keyring (service skein)`. */
  readonly source: string
  /** Puts another in its place. Throws SkeinError `secret.unavailable`. */
  replace(text: string): Promise<void>
}

/** A place for secrets that the person agreed to. */
export interface Place {
  set(name: string, value: string): Promise<string>
}

/** Whoever logs in, and the terminal they sit at. */
export interface Person {
  say(line: string): void
  open(url: string): Promise<boolean>
  lines(): AsyncIterable<string>
  readonly isRemote: boolean
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  readonly signal: AbortSignal
}

/** A page where the person logs in, whose answer comes back to this machine. */
export interface Page {
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

export interface Answered {
  readonly code: string
  readonly verifier: string
  readonly redirectUri: string
  readonly issuer: string | undefined
}

/** Where logins are kept and how a person is sent to a page: what another adapter has, and the host passes on. */
export interface LoginPlaces {
  read(id: string): Promise<KeptText | undefined>
  keep(id: string, text: string, place: Place): Promise<string>
  remove(id: string): Promise<readonly string[]>
  exclusively<T>(id: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  authorize(page: Page, person: Person): Promise<Answered>
}

/** What logging in to servers stands on. */
export interface LoginWorld {
  readonly places: () => Promise<LoginPlaces>
  /** The way to identity servers: recorded, through the person's proxy and with their certificates. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  /** Told of each secret before it is used: it is shown nowhere from then on. */
  readonly know: (name: string, secret: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** A server that is logged in to, its variables put in. */
export interface Remote {
  readonly name: string
  readonly url: URL
  readonly settings: NonNullable<FoundServer["login"]>
}
