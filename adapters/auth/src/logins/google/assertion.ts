import { SkeinError } from "@skein/protocol"
import type { GoogleAccount } from "./application-default.ts"

/** All of Google Cloud, within what the account may do. */
const SCOPE = "https://www.googleapis.com/auth/cloud-platform"
/** The longest that Google takes. */
const LIFE_S = 3_600

type ServiceAccount = Extract<GoogleAccount, { kind: "service_account" }>

/**
 * What a service account says of itself: a JSON Web Token signed with RS256 (RFC 7523 §3, "Using OAuth 2.0 for Server to
 * Server Applications"). `now` in milliseconds since 1970. Throws SkeinError `config.invalid` for a key that is none.
 */
export async function assertion({ email, privateKey, keyId, tokenUrl }: ServiceAccount, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000)
  const head = { alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) }
  const claims = { iss: email, scope: SCOPE, aud: tokenUrl, iat: issuedAt, exp: issuedAt + LIFE_S }
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")
  const signature = await crypto.subtle.sign(ALGORITHM.name, await imported(privateKey, email), Buffer.from(text))
  return `${text}.${Buffer.from(signature).toString("base64url")}`
}

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const

async function imported(pem: string, email: string): Promise<CryptoKey> {
  const [, base64 = ""] = /-----BEGIN PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END PRIVATE KEY-----/.exec(pem) ?? []
  try {
    return await crypto.subtle.importKey("pkcs8", Buffer.from(base64, "base64"), ALGORITHM, false, ["sign"])
  } catch (cause) {
    const what = `The private_key of the Google service account ${email} is no RSA key in PEM (PKCS #8). Get its JSON file again.`
    throw new SkeinError("config.invalid", what, { cause })
  }
}
