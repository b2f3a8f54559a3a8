import { timingSafeEqual } from "node:crypto"
import { shortened } from "../request.ts"

/** What a login was begun with, and its answer must show. */
export interface Expected {
  /** To the letter, but for what stands in the query. */
  readonly redirectUri: string
  readonly state: string
  /** RFC 9207: who it has to be from, where it says. */
  readonly issuer: string
  /** RFC 9207 §2.4: it always says. */
  readonly isIssuerTold?: boolean | undefined
}

/** What an address that the browser was sent to says. */
export type Redirect =
  | { readonly kind: "code"; readonly code: string; readonly issuer: string | undefined }
  /** The person, or the server, said no. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It is not the answer to this login. */
  | { readonly kind: "other"; readonly reason: string }

const CHARS_MAX = 8_192

/** Reads an address that a browser was sent to, or that a person pasted (RFC 6749 §4.1.2, RFC 8252 §8.10). */
export function readRedirect(text: string, { redirectUri, state, issuer, isIssuerTold }: Expected): Redirect {
  const url = text.length <= CHARS_MAX && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) return other("it is no address")
  if (`${url.origin}${url.pathname}` !== redirectUri) return other(`it does not begin with ${redirectUri}`)
  const { searchParams: query } = url
  if (!isSame(query.get("state") ?? "", state)) return other("it belongs to another login than this one")
  const from = query.get("iss")
  if (from !== null && from.replace(/\/$/, "") !== issuer.replace(/\/$/, "")) return other("it is from another server")
  if (from === null && isIssuerTold === true) return other("it does not say which server it is from")
  const error = query.get("error")
  if (error !== null) {
    const words = [error, query.get("error_description") ?? ""].map(shortened).filter((word) => word !== "")
    return { kind: "refused", reason: words.join(": ") }
  }
  const code = query.get("code") ?? ""
  return /^[\x21-\x7e]+$/.test(code)
    ? { kind: "code", code, issuer: from ?? undefined }
    : other("there is no code in it")
}

function other(reason: string): Redirect {
  return { kind: "other", reason }
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
