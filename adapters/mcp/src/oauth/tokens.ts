import type { OAuthTokens } from "@modelcontextprotocol/client"
import { SkeinError } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { Say } from "../connection/said.ts"
import type { Sdk } from "../wire/sdk.ts"
import type { Guarded } from "./guarded-fetch.ts"
import type { LoginRecord } from "./record.ts"

const CHARS_MAX = 16_384

/** A login with what a token server gave, and what it left out from before. Throws SkeinError `login.refused`. */
export function withTokens(record: LoginRecord, tokens: OAuthTokens, now: number): LoginRecord {
  const { access_token, refresh_token, expires_in, token_type, scope } = tokens
  if (token_type.toLowerCase() !== "bearer" || !isToken(access_token))
    throw new SkeinError("login.refused", "The login server gave a token that cannot be sent.")
  const { ended: _, refresh, expiresAt: __, ...before } = record
  return {
    ...before,
    access: access_token,
    ...given("refresh", refresh_token !== undefined && isToken(refresh_token) ? refresh_token : refresh),
    ...given("expiresAt", expires_in === undefined ? undefined : now + expires_in * 1000),
    ...given("scope", scope ?? record.scope),
  }
}

function isToken(text: string): boolean {
  return text.length <= CHARS_MAX && /^[\x21-\x7e]+$/.test(text)
}

/** Another access token (RFC 6749 §6), asked of the login server that gave the first one. Throws what the SDK throws. */
export async function renewed(sdk: Sdk, record: LoginRecord, refresh: string, guarded: Guarded): Promise<OAuthTokens> {
  const { authority, resource } = record
  return await sdk.refreshAuthorization(authority.issuer, {
    ...{ metadata: metadataOf(record), clientInformation: clientOf(record), refreshToken: refresh, fetchFn: guarded },
    ...(resource === undefined ? {} : { resource }),
  })
}

/** As much of the login server's document as was kept. */
export function metadataOf({ authority }: LoginRecord) {
  const { issuer, tokenUrl, methods } = authority
  return {
    ...{ issuer, token_endpoint: tokenUrl, authorization_endpoint: tokenUrl, response_types_supported: ["code"] },
    ...(methods === undefined ? {} : { token_endpoint_auth_methods_supported: [...methods] }),
  }
}

export function clientOf({ client }: Pick<LoginRecord, "client">) {
  return {
    client_id: client.id,
    ...(client.secret === undefined ? {} : { client_secret: client.secret }),
    ...(client.method === undefined ? {} : { token_endpoint_auth_method: client.method }),
  }
}

/**
 * What a login server's refusal means: `over` where the login, or who skein is there, is not known any more; `passing`
 * where another try may do.
 */
export function refusalOf(
  error: unknown,
  sdk: Sdk,
  say: Say,
): { readonly kind: "over" | "passing"; readonly why: string } {
  if (error instanceof SkeinError)
    return { kind: error.code === "login.refused" ? "over" : "passing", why: error.message.replace(/\.$/, "") }
  const words = say(error instanceof Error ? error.message : String(error), WORDS_MAX)
    .replace(/\s+/g, " ")
    .replace(/\.$/, "")
  if (!sdk.OAuthError.isInstance(error)) return { kind: "passing", why: words }
  const code = /^[\w.-]{1,60}$/.test(error.code) ? error.code : "an error"
  return {
    kind: OVER.has(error.code) ? "over" : "passing",
    why: words === "" || words === code ? code : `${code}: ${words}`,
  }
}

const WORDS_MAX = 200
const OVER = new Set(["invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope", "invalid_target"])
