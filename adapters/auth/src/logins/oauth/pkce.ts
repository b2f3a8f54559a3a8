/** A secret of one login, and what is shown of it before (RFC 7636, S256). */
export interface Pkce {
  readonly verifier: string
  readonly challenge: string
}

export function pkce(): Pkce {
  const verifier = randomText()
  return { verifier, challenge: Buffer.from(Bun.CryptoHasher.hash("sha256", verifier)).toString("base64url") }
}

/** Forty-three characters that nobody can guess. */
export function randomText(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url")
}
