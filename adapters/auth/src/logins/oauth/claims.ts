import { type Fields, parsedFields } from "../fields.ts"

/**
 * What a JSON Web Token says (RFC 7519). Its signature is not looked at: it came from the issuer itself, over TLS (OpenID
 * Connect Core §3.1.3.7). Undefined for what is none.
 */
export function claimsOf(token: string | undefined): Fields | undefined {
  const [, payload, signature] = token?.split(".") ?? []
  if (payload === undefined || signature === undefined) return undefined
  return parsedFields(Buffer.from(payload, "base64url").toString("utf8"))
}
