import { type Asked, type IdentityServer, identityServer } from "./served.ts"

export interface OAuthOptions {
  /** How long an access token is good. */
  readonly lifeS?: number
  /** How long a renewal takes, so that others come meanwhile. */
  readonly renewalMs?: number
  /** Changes what is said of the login server: other addresses, other names. */
  readonly metadata?: (document: Fields) => Fields
  /** Changes what the server of tools says of itself. */
  readonly resource?: (document: Fields) => Fields
  /** Answers in the place of all of it. */
  readonly before?: (asked: Asked) => Response | undefined
  /** Says in another's name that it answered. */
  readonly answersAs?: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

export interface OAuthServer extends IdentityServer {
  /** The server of tools, which takes its tokens alone. */
  readonly mcpUrl: string
  /** What the person's browser is sent to after they agreed on the page. */
  agree(page: string): Promise<string>
  /** Ends access tokens only: the next renewal gives a new one. */
  endAccess(): void
  /** Ends every token, as a person does on the provider's page. */
  revokeAll(): void
  /** Tokens that are still good. */
  readonly live: ReadonlySet<string>
  /** How often a refresh token was taken. */
  readonly renewals: () => number
}

/**
 * A server of tools over HTTP with its login server: documents (RFC 9728, RFC 8414), registration, PKCE, a token for that
 * server alone, renewal that takes each refresh token once and ends the login when one comes twice, revocation.
 */
export function oauth(options: OAuthOptions = {}): OAuthServer {
  const { lifeS = 3_600, renewalMs = 0 } = options
  const clients = new Map<string, readonly string[]>()
  const codes = new Map<string, Fields>()
  const live = new Set<string>()
  const [refreshTokens, spent] = [new Set<string>(), new Set<string>()]
  let renewals = 0

  const refused = (error: string, error_description: string) =>
    Response.json({ error, error_description }, { status: 400 })

  function document(): Fields {
    const at = (path: string) => `${server.url}${path}`
    const plain = {
      ...{ issuer: server.url, authorization_endpoint: at("/authorize"), token_endpoint: at("/token") },
      ...{ registration_endpoint: at("/register"), revocation_endpoint: at("/revoke") },
      ...{ response_types_supported: ["code"], code_challenge_methods_supported: ["S256"] },
      ...{ token_endpoint_auth_methods_supported: ["none"], authorization_response_iss_parameter_supported: true },
    }
    return options.metadata?.(plain) ?? plain
  }

  function ofResource(): Fields {
    const plain = { resource: mcpUrl(), authorization_servers: [server.url], scopes_supported: ["notes:read"] }
    return options.resource?.(plain) ?? plain
  }

  function registered({ fields }: Asked): Response {
    const uris = Array.isArray(fields.redirect_uris) ? fields.redirect_uris.map(String) : []
    const client_id = `client-${crypto.randomUUID()}`
    clients.set(client_id, uris)
    return Response.json({ ...fields, client_id }, { status: 201 })
  }

  function authorize({ query }: Asked): Response {
    const [redirectUri, client] = [query.get("redirect_uri") ?? "", query.get("client_id") ?? ""]
    const isAsked = query.get("response_type") === "code" && query.get("code_challenge_method") === "S256"
    if (!isAsked || clients.get(client)?.includes(redirectUri) !== true || query.get("resource") !== mcpUrl())
      return refused("invalid_request", "That is not how to log in.")
    const code = crypto.randomUUID()
    const challenge = query.get("code_challenge") ?? ""
    codes.set(code, { challenge, redirectUri, client, scope: query.get("scope") ?? "" })
    const iss = options.answersAs ?? server.url
    const answer = new URLSearchParams({ code, state: query.get("state") ?? "", iss })
    return new Response(null, { status: 302, headers: { location: `${redirectUri}?${answer}` } })
  }

  function granted(scope: unknown): Response {
    const [access, refresh] = [`access-${crypto.randomUUID()}`, `refresh-${crypto.randomUUID()}`]
    live.add(access)
    refreshTokens.add(refresh)
    const bearer = { access_token: access, token_type: "Bearer", expires_in: lifeS }
    return Response.json({ ...bearer, refresh_token: refresh, scope })
  }

  async function token({ fields }: Asked): Promise<Response> {
    if (fields.resource !== mcpUrl()) return refused("invalid_target", "The token is for nobody.")
    if (fields.grant_type === "authorization_code") {
      const code = codes.get(String(fields.code))
      codes.delete(String(fields.code))
      const challenge = new Bun.CryptoHasher("sha256").update(String(fields.code_verifier)).digest("base64url")
      const isRight =
        code?.challenge === challenge && code.redirectUri === fields.redirect_uri && code.client === fields.client_id
      return isRight ? granted(code?.scope) : refused("invalid_grant", "The code is not good.")
    }
    const refresh = String(fields.refresh_token)
    if (spent.has(refresh)) {
      revokeAll()
      return refused("invalid_grant", `The token ${refresh} was used before.`)
    }
    if (!refreshTokens.delete(refresh)) return refused("invalid_grant", `The token ${refresh} is not known.`)
    spent.add(refresh)
    renewals += 1
    await Bun.sleep(renewalMs)
    return granted("notes:read")
  }

  function revoked({ fields }: Asked): Response {
    refreshTokens.delete(String(fields.token))
    live.delete(String(fields.token))
    return new Response(null, { status: 200 })
  }

  function revokeAll(): void {
    refreshTokens.clear()
    live.clear()
  }

  const mcpUrl = () => `${server.url}/mcp`
  const server = identityServer((asked) => {
    const instead = options.before?.(asked)
    if (instead !== undefined) return instead
    switch (asked.path) {
      case "/mcp":
        return live.has((asked.headers.get("authorization") ?? "").replace(/^Bearer /, ""))
          ? tools(asked)
          : challenge(`${server.url}/.well-known/oauth-protected-resource/mcp`)
      case "/.well-known/oauth-protected-resource/mcp":
        return Response.json(ofResource())
      case "/.well-known/oauth-authorization-server":
        return Response.json(document())
      case "/register":
        return registered(asked)
      case "/authorize":
        return authorize(asked)
      case "/token":
        return token(asked)
      case "/revoke":
        return revoked(asked)
      default:
        return undefined
    }
  })
  return {
    ...{ ...server, mcpUrl: mcpUrl(), live, revokeAll, renewals: () => renewals },
    endAccess: () => live.clear(),
    async agree(page) {
      const answer = await fetch(page, { redirect: "manual" })
      return answer.headers.get("location") ?? ""
    },
  }
}

function challenge(document: string): Response {
  return new Response("Unauthorized", {
    status: 401,
    headers: { "www-authenticate": `Bearer resource_metadata="${document}", scope="notes:read"` },
  })
}

/** As much of a server of tools as is asked: one tool, which says what it was given. */
function tools({ method, fields }: Asked): Response {
  if (method !== "POST") return new Response(null, { status: 405 })
  const { id, method: asked, params } = fields
  if (id === undefined) return new Response(null, { status: 202 })
  const result = {
    initialize: {
      ...{ protocolVersion: "2025-11-25", capabilities: { tools: {} } },
      serverInfo: { name: "notes", version: "1.0.0" },
    },
    "tools/list": { tools: [{ name: "echo", description: "Says it again.", inputSchema: { type: "object" } }] },
    "tools/call": { content: [{ type: "text", text: JSON.stringify(params) }] },
  }[String(asked)]
  if (result === undefined)
    return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } })
  return Response.json({ jsonrpc: "2.0", id, result })
}
