import type { AuthorizationServerMetadata, OAuthProtectedResourceMetadata } from "@modelcontextprotocol/client"
import { SkeinError } from "@skein/protocol"
import type { Sdk } from "../wire/sdk.ts"
import type { Allowed } from "./addresses.ts"
import type { Guarded } from "./guarded-fetch.ts"
import type { Remote } from "./world.ts"

/** What a server says of its login, checked: every address in it may be asked. */
export interface Discovered {
  /** Where the login server is, by its own name where it has documents. */
  readonly issuer: string
  readonly metadata: AuthorizationServerMetadata | undefined
  readonly authorizationUrl: string
  readonly tokenUrl: string
  readonly registrationUrl: string | undefined
  readonly revocationUrl: string | undefined
  /** RFC 8707: what a token is asked for, in the server's own spelling. */
  readonly resource: string | undefined
  /** What the server wants, where it says; apart by blanks. */
  readonly scope: string | undefined
}

export interface Discovering {
  readonly sdk: Sdk
  readonly remote: Remote
  /** To the server itself. */
  readonly through: (url: string, init?: RequestInit) => Promise<Response>
  /** To everything else. */
  readonly guarded: Guarded
  readonly allowed: Allowed
  readonly signal: AbortSignal
}

/**
 * Who logs in to a server: by its challenge (RFC 6750), its own document (RFC 9728), and that of the login server it names
 * (RFC 8414, OpenID Connect Discovery). A server without documents is its own login server, as in the protocol's revision
 * 2025-03-26. Throws SkeinError `login.refused`, `login.unavailable`.
 */
export async function discovered(asking: Discovering): Promise<Discovered> {
  const { sdk, remote, allowed } = asking
  const challenge = await challengeOf(asking)
  const resource = await resourceDocument(asking, challenge?.resourceMetadataUrl)
  if (challenge === undefined && resource === undefined)
    throw new SkeinError("login.refused", `The MCP server ${remote.name} does not ask for a login.`)
  if (
    resource !== undefined &&
    !sdk.checkResourceAllowed({ requestedResource: remote.url, configuredResource: resource.resource })
  )
    throw new SkeinError("login.refused", `The MCP server ${remote.name} gave a document that is of another server.`)
  const named = resource?.authorization_servers?.[0]
  const server = allowed(named ?? new URL("/", remote.url).href, "the login server")
  const metadata = await metadataOf(asking, server, named)
  const at = (address: string, what: string) => allowed(address, what).href
  const revocation =
    metadata !== undefined && "revocation_endpoint" in metadata ? metadata.revocation_endpoint : undefined
  return {
    issuer: metadata?.issuer ?? server.href,
    metadata,
    authorizationUrl: at(metadata?.authorization_endpoint ?? new URL("/authorize", server).href, "the login page"),
    tokenUrl: at(metadata?.token_endpoint ?? new URL("/token", server).href, "the address of tokens"),
    registrationUrl: registrationOf(metadata, server, at),
    revocationUrl: optional(revocation, (text) => at(text, "the address that ends tokens")),
    resource: resource?.resource,
    scope: challenge?.scope ?? resource?.scopes_supported?.join(" "),
  }
}

/**
 * The login server's document, by the name that it was asked by (RFC 8414 §3.3). One that was only guessed to be where the
 * server is may have a name of its own there, and nowhere else.
 */
async function metadataOf({ sdk, guarded }: Discovering, server: URL, named: string | undefined): Promise<Metadata> {
  if (named !== undefined) return await sdk.discoverAuthorizationServerMetadata(named, { fetchFn: guarded })
  const found = await sdk.discoverAuthorizationServerMetadata(server, { fetchFn: guarded, skipIssuerValidation: true })
  if (found !== undefined && (!URL.canParse(found.issuer) || new URL(found.issuer).origin !== server.origin))
    throw new SkeinError("login.refused", `${server.host} gave a document that is of another login server.`)
  return found
}

type Metadata = AuthorizationServerMetadata | undefined

function registrationOf(metadata: Metadata, server: URL, at: (address: string, what: string) => string) {
  const text = metadata === undefined ? new URL("/register", server).href : metadata.registration_endpoint
  return optional(text, (address) => at(address, "the address of registrations"))
}

function optional<T>(value: unknown, use: (text: string) => T): T | undefined {
  return typeof value === "string" ? use(value) : undefined
}

/** Asked as a client without a login is; undefined: it did not refuse. */
async function challengeOf({ sdk, remote, through, signal }: Discovering) {
  const either = AbortSignal.any([signal, AbortSignal.timeout(CHALLENGE_MS)])
  try {
    const response = await through(remote.url.href, {
      method: "POST",
      headers: { accept: "application/json, text/event-stream", "content-type": "application/json" },
      body: JSON.stringify(HELLO),
      redirect: "manual",
      signal: either,
    })
    await response.body?.cancel()
    return response.status === UNAUTHORIZED ? sdk.extractWWWAuthenticateParams(response) : undefined
  } catch (cause) {
    signal.throwIfAborted()
    throw new SkeinError("login.unavailable", `The MCP server ${remote.name} cannot be reached.`, { cause })
  }
}

const UNAUTHORIZED = 401
const CHALLENGE_MS = 30_000
const HELLO = {
  ...{ jsonrpc: "2.0", id: 0, method: "initialize" },
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "skein", version: "0" } },
}

async function resourceDocument(
  { sdk, remote, guarded, allowed }: Discovering,
  named: URL | undefined,
): Promise<OAuthProtectedResourceMetadata | undefined> {
  const from = named === undefined ? {} : { resourceMetadataUrl: allowed(named.href, "the server's document") }
  try {
    return await sdk.discoverOAuthProtectedResourceMetadata(remote.url, from, guarded)
  } catch (error) {
    // What was refused is said; what is only not there, or is no such document, is as if there were none.
    if (error instanceof SkeinError || named !== undefined) throw error
    return undefined
  }
}
