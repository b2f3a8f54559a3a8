/** The ways of logging in with an account, and with what an organisation's machines are given. */
export const LOGIN_KINDS = ["openai-codex", "github-copilot", "google-cloud", "aws", "gemini-web"] as const
export type LoginKind = (typeof LOGIN_KINDS)[number]

/** A provider that is logged in to. */
export interface LoginOwner {
  readonly id: string
  readonly login: LoginKind
}

/** What one request to a provider is signed with. Kept by whoever gave it. */
export interface Credential {
  /** Goes where the provider's key goes; for AWS the access key id of the session, for gemini-web the `cookie` header. */
  readonly secret: string
  /** Added to the request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Where this login is to be asked. */
  readonly baseUrl?: string
  /** Google: the project of the account. */
  readonly project?: string
  readonly aws?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
    readonly region?: string
  }
}

export interface Logins {
  /**
   * Undefined: the person has not logged in. Renewed when it is about to end. Throws SkeinError `login.*`, and
   * `config.invalid` for a file or variable that cannot be used.
   */
  credential(owner: LoginOwner, signal?: AbortSignal): Promise<Credential | undefined>
  /** The provider would not take it: the next one is a new one. False when there can be none that is newer. */
  refused(owner: LoginOwner, credential: Credential): boolean
  /** The provider took it: when it is refused later, it was ended early, and is renewed again. */
  accepted(owner: LoginOwner, credential: Credential): void
}

/** How it stands with a login, without a token. Found out without asking the network. */
export interface LoginState {
  /** Who is logged in, as far as it is known: an address, a name, a profile. */
  readonly account: string | undefined
  /** Where it is kept, or comes from: `OS keyring (service skein)`, `file /home/…`. */
  readonly source: string
  /** When it ends unless it is renewed, in milliseconds since 1970; undefined: not known, or not by itself. */
  readonly expiresAt?: number | undefined
  readonly isRenewable: boolean
  /** Addresses that are asked to renew it. */
  readonly servers: readonly string[]
  /** Where this login is to be asked, where it is known before anyone is asked. */
  readonly baseUrl?: string | undefined
  /** Google: the project of the account. */
  readonly project?: string | undefined
  /** AWS: the region of the profile. */
  readonly region?: string | undefined
  /** Why it can no longer be used. */
  readonly ended?: string | undefined
}

/** What a person asked of a login, by flags. */
export interface LoginWish {
  /** `browser`: one is opened, or the address shown; `device`: a code is typed in on any machine. */
  readonly way: "browser" | "device" | undefined
  /** Of an OAuth application of one's own. */
  readonly clientId?: string | undefined
  /** The host of a GitHub enterprise: `octo.ghe.com`. */
  readonly enterprise?: string | undefined
  /** Of the shared AWS files. */
  readonly profile?: string | undefined
  /** A file of cookies, as browsers' extensions export it. Absolute. */
  readonly cookies?: string | undefined
}

/** Whoever logs in, and the terminal they sit at. */
export interface Person {
  say(line: string): void
  /** Opens an https page in a browser. False where there is none, or none is wanted. */
  open(url: string): Promise<boolean>
  /** What they paste or type; ends where nothing can come. */
  lines(): AsyncIterable<string>
  /** They sit at another machine than the one this runs on. */
  readonly isRemote: boolean
  /** Waits. Rejects with the reason of the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** They gave up. */
  readonly signal: AbortSignal
}

/** A place for what is to be kept, which the person agreed to. Asked before anything else, by what keeps something. */
export type ChoosePlace = () => Promise<{ set(name: string, value: string): Promise<string> }>

export interface LoggedIn {
  readonly account: string | undefined
  /** Where it is kept, in words; undefined where nothing of it is kept by skein. */
  readonly place: string | undefined
}

/** What came of logging out. */
export interface LoggedOut {
  /** Places it was removed from. */
  readonly removed: readonly string[]
  /** What the person should know: that a token goes on until it ends by itself, say. */
  readonly notes: readonly string[]
}

/** What a request is signed with until it expires, and what is to be known of it. */
export interface Issued {
  readonly credential: Credential
  /** For people. */
  readonly source: string
  readonly account?: string | undefined
  /** Milliseconds since 1970. Asked for anew a little before. */
  readonly expiresAt?: number | undefined
  /** Another one can be had when this is refused. */
  readonly isRenewable: boolean
  /** Never to be shown. */
  readonly secrets: readonly string[]
  readonly warning?: string | undefined
}

/** One way of logging in, by itself: what fails in it fails nowhere else. */
export interface Channel {
  /** `refused`: the secret that the provider would not take; another is to be given. Undefined: nobody logged in. */
  issue(
    id: string,
    how: { readonly refused?: string | undefined; readonly signal?: AbortSignal },
  ): Promise<Issued | undefined>
  /** Undefined: nobody logged in. Asks no network. Throws SkeinError for what lies there and cannot be read. */
  state(id: string): Promise<LoginState | undefined>
  /** Throws SkeinError `login.*`. */
  login(id: string, wish: LoginWish, person: Person, place: ChoosePlace): Promise<LoggedIn>
  logout(id: string): Promise<LoggedOut>
  /** Said once before the login begins, where the provider never offered it to programs like this one. */
  readonly unofficial?: string | undefined
}
