/** A way to log in that a provider's row may name; it is carried out elsewhere. */
export type LoginKind = "openai-codex" | "github-copilot" | "google-cloud" | "aws" | "gemini-web"

/** What a login says of where it is to be asked. */
export interface LoginPlace {
  readonly baseUrl?: string | undefined
  /** Google Cloud: the project of the account. */
  readonly project?: string | undefined
  /** Of AWS. */
  readonly region?: string | undefined
}

/** How it stands with a login. */
export interface LoginStanding extends LoginPlace {
  /** Why it can no longer be used. */
  readonly ended?: string | undefined
}

/** What one request to a provider is signed with. Kept by whoever gave it. */
export interface Credential {
  /** Goes where the row's key goes; of AWS it is the session's access key id. */
  readonly secret: string
  /** Added to the request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Where this login is to be asked, unless the person said where. */
  readonly baseUrl?: string | undefined
  /** Google Cloud: the project of the account. */
  readonly project?: string | undefined
  readonly aws?: AwsCredential | undefined
}

export interface AwsCredential {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  readonly region?: string | undefined
}

/** Whose login it is. */
export interface LoginOwner {
  readonly id: string
  readonly login: LoginKind
}

/** The logins of a person. */
export interface Logins {
  /** Undefined: the person has not logged in. Asks no network and runs no program. Throws SkeinError for what cannot be read. */
  state(owner: LoginOwner): Promise<LoginStanding | undefined>
  /** Undefined: the person has not logged in. Renewed when it is about to end. Throws SkeinError `login.*`. */
  credential(owner: LoginOwner, signal?: AbortSignal): Promise<Credential | undefined>
  /** The provider did not accept it: the next one is a new one. False when there can be no newer. */
  refused(owner: LoginOwner, credential: Credential): boolean
  /** The provider took it: when it is refused later, it was ended early, and is renewed again. */
  accepted(owner: LoginOwner, credential: Credential): void
}
