import type { OAuthClientInformationFull } from "@modelcontextprotocol/client"
import { SkeinError } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { saying } from "../connection/said.ts"
import { loadSdk, type Sdk } from "../wire/sdk.ts"
import { addressesFor } from "./addresses.ts"
import { type Discovered, discovered } from "./discovery.ts"
import { type Guarded, guardedFetch } from "./guarded-fetch.ts"
import { type LoginRecord, loginId, type OAuthClient, recordOf, secretsOf, textOf } from "./record.ts"
import { clientOf, refusalOf, withTokens } from "./tokens.ts"
import type { Answered, LoginWorld, Person, Place, Remote } from "./world.ts"

export interface LoggingIn {
  readonly remote: Remote
  readonly world: LoginWorld
  /** To the server itself, with the headers that the settings name. */
  readonly through: (url: string, init?: RequestInit) => Promise<Response>
  /** Asked for besides what the login has already; in the place of what the server wants. */
  readonly scopes: readonly string[]
  readonly person: Person
  /** Where it is to be kept, which the person agreed to. */
  readonly place: () => Promise<Place>
}

export interface LoggedIn {
  readonly issuer: string
  readonly scope: string | undefined
  /** Where it is kept, in words. */
  readonly place: string
}

/**
 * Logs in to a server by a page of its login server: OAuth 2.1 with PKCE (S256) and a state, an answer to this machine's own
 * address, and a token for this server alone. Throws SkeinError `login.*`, `secret.unavailable`.
 */
export async function logIn(asking: LoggingIn): Promise<LoggedIn> {
  const { remote, world, person } = asking
  const sdk = await loadSdk()
  const place = await asking.place()
  const places = await world.places()
  const id = loginId(remote.url)
  const kept = await places.read(id)
  const before = kept === undefined ? undefined : recordOf(kept.text, remote.url)
  const allowed = addressesFor(remote.url)
  const guarded = guardedFetch({ through: world.fetch, allowed, signal: person.signal })
  const secrets = [...(before === undefined ? [] : secretsOf(before)), remote.settings.clientSecret ?? ""]
  try {
    const at = await discovered({ sdk, ...asking, guarded, allowed, signal: person.signal })
    const record = await granted(sdk, asking, at, guarded, before)
    for (const secret of secretsOf(record)) world.know(`login of ${remote.name}`, secret)
    const where = await places.exclusively(id, () => places.keep(id, textOf(record), place))
    return { issuer: at.issuer, scope: record.scope, place: where }
  } catch (error) {
    person.signal.throwIfAborted()
    if (error instanceof SkeinError) throw error
    const { why } = refusalOf(error, sdk, saying(secrets.filter((secret) => secret !== "")))
    throw new SkeinError("login.refused", `The MCP server ${remote.name} did not log you in: ${why}.`, { cause: error })
  }
}

async function granted(
  sdk: Sdk,
  { remote, world, person, scopes }: LoggingIn,
  at: Discovered,
  guarded: Guarded,
  before: LoginRecord | undefined,
): Promise<LoginRecord> {
  const known = before?.authority.issuer === at.issuer ? before : undefined
  const scope = scopeOf(sdk, scopes, remote, at, known)
  const places = await world.places()
  let client: OAuthClient | undefined
  const ports =
    remote.settings.callbackPort === undefined ? [known?.client.port ?? 0, 0] : [remote.settings.callbackPort]
  const answer = await places.authorize(
    {
      ...{ name: `The MCP server ${remote.name}`, issuer: at.issuer, ports, path: "/callback" },
      ...{ host: "127.0.0.1", isOfStranger: true },
      isIssuerTold: at.metadata?.authorization_response_iss_parameter_supported === true,
      otherWay: "press Ctrl+C to leave it",
      async page(redirectUri, state, challenge) {
        client = await clientFor(sdk, { remote, at, guarded, scope, redirectUri, known })
        return pageOf(at, { clientId: client.id, redirectUri, state, challenge, scope })
      },
    },
    person,
  )
  if (client === undefined) throw new Error("A page was answered that was never made")
  const { issuer, tokenUrl, revocationUrl, metadata, resource } = at
  const methods = metadata?.token_endpoint_auth_methods_supported
  const record: LoginRecord = {
    url: remote.url.href,
    authority: { issuer, tokenUrl, ...given("revocationUrl", revocationUrl), ...(methods && { methods }) },
    ...{ client, ...given("resource", resource), ...given("scope", scope) },
  }
  return withTokens(record, await exchanged(sdk, record, at, answer, guarded), world.now())
}

/** What a person says goes before what their settings say, and that before what the server wants. */
function scopeOf(
  sdk: Sdk,
  asked: readonly string[],
  { settings }: Remote,
  { scope, metadata }: Discovered,
  known: LoginRecord | undefined,
): string | undefined {
  const said = asked.length === 0 ? undefined : sdk.computeScopeUnion(known?.scope, asked.join(" "))
  const wanted = said ?? settings.scopes?.join(" ") ?? scope
  const offline = metadata?.scopes_supported?.includes("offline_access") === true ? "offline_access" : undefined
  return wanted === undefined || wanted === "" ? undefined : sdk.computeScopeUnion(wanted, offline)
}

interface Registering {
  readonly remote: Remote
  readonly at: Discovered
  readonly guarded: Guarded
  readonly scope: string | undefined
  readonly redirectUri: string
  readonly known: LoginRecord | undefined
}

/** Who skein is there: as the settings say, as it was before, or by registering (RFC 7591). */
async function clientFor(sdk: Sdk, asking: Registering): Promise<OAuthClient> {
  const { remote, at, guarded, scope, redirectUri, known } = asking
  const { clientId, clientSecret } = remote.settings
  if (clientId !== undefined) return { id: clientId, ...given("secret", clientSecret) }
  const port = Number(new URL(redirectUri).port)
  if (known?.client.port === port && known.ended === undefined) return known.client
  if (at.registrationUrl === undefined)
    throw new SkeinError(
      "login.refused",
      `The login server of the MCP server ${remote.name} registers nobody by itself. Make an application there that is called back at http://127.0.0.1/callback, and name it: [mcp_servers.${remote.name}.oauth] client_id = "…"`,
    )
  const made: OAuthClientInformationFull = await sdk.registerClient(at.issuer, {
    ...(at.metadata && { metadata: at.metadata }),
    ...{ fetchFn: guarded, ...(scope === undefined ? {} : { scope }) },
    clientMetadata: {
      ...{ client_name: "skein", redirect_uris: [redirectUri], application_type: "native" },
      ...{ grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] },
      token_endpoint_auth_method: methodOf(at.metadata?.token_endpoint_auth_methods_supported),
    },
  })
  const { client_id, client_secret, token_endpoint_auth_method } = made
  return { id: client_id, port, ...given("secret", client_secret), ...given("method", token_endpoint_auth_method) }
}

/** A program on a person's machine keeps no secret of its maker's: it has one only where the server wants that. */
function methodOf(supported: readonly string[] | undefined): string {
  return ["none", "client_secret_basic", "client_secret_post"].find((one) => supported?.includes(one)) ?? "none"
}

interface Asked {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string
  readonly challenge: string
  readonly scope: string | undefined
}

function pageOf(at: Discovered, { clientId, redirectUri, state, challenge, scope }: Asked): string {
  const methods = at.metadata?.code_challenge_methods_supported
  if (methods !== undefined && !methods.includes("S256"))
    throw new SkeinError(
      "login.refused",
      "The login server does not know PKCE with S256, so nobody logs in there safely.",
    )
  const page = new URL(at.authorizationUrl)
  const query: Readonly<Record<string, string | undefined>> = {
    ...{ response_type: "code", client_id: clientId, redirect_uri: redirectUri, state, scope, resource: at.resource },
    ...{ code_challenge: challenge, code_challenge_method: "S256" },
    prompt: scope?.split(" ").includes("offline_access") === true ? "consent" : undefined,
  }
  for (const [name, value] of Object.entries(query)) if (value !== undefined) page.searchParams.set(name, value)
  return page.href
}

async function exchanged(sdk: Sdk, record: LoginRecord, at: Discovered, answer: Answered, guarded: Guarded) {
  return await sdk.exchangeAuthorization(at.issuer, {
    ...(at.metadata && { metadata: at.metadata }),
    ...{ clientInformation: clientOf(record), fetchFn: guarded },
    ...{ authorizationCode: answer.code, codeVerifier: answer.verifier, redirectUri: answer.redirectUri },
    ...(answer.issuer === undefined ? {} : { iss: answer.issuer }),
    ...(record.resource === undefined ? {} : { resource: record.resource }),
  })
}
