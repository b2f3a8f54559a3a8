import { asNumber, asObject, asText, asTexts, given, parseObject } from "@skein/protocol/json"

/** The login server that a login was made at. Later requests go there and to no other, whatever its documents say then. */
export interface Authority {
  readonly issuer: string
  readonly tokenUrl: string
  readonly revocationUrl?: string | undefined
  /** How a client may show who it is: `none`, `client_secret_post`, `client_secret_basic`. */
  readonly methods?: readonly string[] | undefined
}

/** Who skein is there. */
export interface OAuthClient {
  readonly id: string
  readonly secret?: string | undefined
  readonly method?: string | undefined
  /** It was made for this machine, and is called back at this port. Otherwise the person's settings name it. */
  readonly port?: number | undefined
}

/** A login as it is kept. */
export interface LoginRecord {
  /** The server it is for: its tokens go there and to no other. */
  readonly url: string
  readonly authority: Authority
  readonly client: OAuthClient
  /** RFC 8707: what the token is asked for. */
  readonly resource?: string | undefined
  /** Absent: the login is over, and `ended` says why. */
  readonly access?: string | undefined
  readonly refresh?: string | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined
  readonly scope?: string | undefined
  readonly ended?: string | undefined
}

/** Where the login to a server is kept: by its whole address, of which nothing can be read there. */
export function loginId({ href }: URL): string {
  return `mcp-${new Bun.CryptoHasher("sha256").update(href).digest("hex").slice(0, 32)}`
}

export function textOf(record: LoginRecord): string {
  return JSON.stringify({ version: 1, ...record })
}

/** Undefined for what skein did not write, or for another server. */
export function recordOf(text: string, { href }: URL): LoginRecord | undefined {
  const fields = parseObject(text)
  const authority = asObject(fields?.authority)
  const client = asObject(fields?.client)
  const [issuer, tokenUrl] = [asText(authority?.issuer), asText(authority?.tokenUrl)]
  const id = asText(client?.id)
  if (fields === undefined || authority === undefined || client === undefined) return undefined
  if (fields.url !== href || issuer === undefined || tokenUrl === undefined || id === undefined) return undefined
  return {
    url: href,
    authority: {
      ...{ issuer, tokenUrl, ...given("revocationUrl", asText(authority.revocationUrl)) },
      ...(Array.isArray(authority.methods) ? { methods: asTexts(authority.methods) } : {}),
    },
    client: {
      ...{ id, ...given("secret", asText(client.secret)) },
      ...{ ...given("method", asText(client.method)), ...given("port", asNumber(client.port)) },
    },
    ...{ ...given("resource", asText(fields.resource)), ...given("access", asText(fields.access)) },
    ...{ ...given("refresh", asText(fields.refresh)), ...given("expiresAt", asNumber(fields.expiresAt)) },
    ...{ ...given("scope", asText(fields.scope)), ...given("ended", asText(fields.ended)) },
  }
}

/** All of it that must never be shown. */
export function secretsOf({ access, refresh, client }: LoginRecord): readonly string[] {
  return [access, refresh, client.secret].filter((secret) => secret !== undefined)
}
