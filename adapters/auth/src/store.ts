/** A place that keeps keys by the id of their provider, besides the key file and the environment. */
export interface SecretStore {
  readonly name: StoreName
  /** How it stands with it, without a value. Never rejects, never hangs; what was found out is not kept. */
  state(): Promise<StoreState>
  /** Undefined: it has none for that provider. Throws SkeinError `secret.unavailable`, saying why and what to do. */
  get(provider: string): Promise<StoredKey | undefined>
  /** Resolves with the words for where it is now. Throws SkeinError `secret.unavailable`. */
  set(provider: string, value: string): Promise<string>
  /** False when there was none. Throws SkeinError `secret.unavailable`. */
  delete(provider: string): Promise<boolean>
}

export const STORE_NAMES = ["keyring", "vault", "file"] as const
export type StoreName = (typeof STORE_NAMES)[number]

/** All places a key can be in, in the order in which they are asked. */
export const SECRET_SOURCES = ["key_file", "environment", ...STORE_NAMES] as const
export type SecretSource = (typeof SECRET_SOURCES)[number]

export interface StoredKey {
  readonly value: string
  /** For people: `OS keyring (service skein)`. */
  readonly source: string
  readonly warning?: string | undefined
}

export type StoreState =
  /** It can be read and written now. */
  | { readonly kind: "ready"; readonly detail: string }
  /** Nobody set it up, and nothing is wrong with that. */
  | { readonly kind: "off"; readonly reason: string }
  /** It is there and closed. */
  | { readonly kind: "locked"; readonly reason: string; readonly cure: string }
  | { readonly kind: "unavailable"; readonly reason: string; readonly cure: string }
