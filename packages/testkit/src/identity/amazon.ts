import { type IdentityServer, identityServer } from "./served.ts"

export interface AmazonOptions {
  /** What polls for the code are answered before it is typed in. */
  readonly answers?: readonly string[]
  /** How long the login is good. */
  readonly lifeS?: number
}

export interface AmazonServer extends IdentityServer {
  /** Whether a request's session token is of the newest keys that a role was given. */
  takes(sessionToken: string | undefined): boolean
  /** Ends the keys of roles: the next ones are others. */
  endKeys(): void
  revokeAll(): void
}

/** The OIDC and portal services of IAM Identity Center, and the one call of STS that needs no signature; on one host. */
export function amazon({ answers = [], lifeS = 28_800 }: AmazonOptions = {}): AmazonServer {
  const access = new Set<string>()
  const refreshing = new Set<string>()
  let polls = 0

  function granted(): Response {
    const [accessToken, refreshToken] = [`aoa-${crypto.randomUUID()}`, `aor-${crypto.randomUUID()}`]
    access.add(accessToken)
    refreshing.add(refreshToken)
    return Response.json({ accessToken, refreshToken, expiresIn: lifeS, tokenType: "Bearer" })
  }

  const refused = (error: string) => Response.json({ error, error_description: error }, { status: 400 })
  let generation = ""
  const sessions = new Set<string>()
  const keys = (name: string) => {
    const sessionToken = `session-of-${name}${generation}`
    sessions.add(sessionToken)
    return { accessKeyId: `ASIA${name}`, secretAccessKey: `secret-of-${name}`, sessionToken }
  }

  const server = identityServer(({ path, fields, query, headers }) => {
    switch (path) {
      case "/client/register":
        return Response.json({
          clientId: "cli",
          clientSecret: "client-secret-of-aws",
          clientSecretExpiresAt: 4_000_000_000,
        })
      case "/device_authorization":
        return Response.json({
          ...{ deviceCode: "device-1", userCode: "QRST-UVWX", expiresIn: 600, interval: 0 },
          ...{
            verificationUri: `${server.url}/start`,
            verificationUriComplete: `${server.url}/start?user_code=QRST-UVWX`,
          },
        })
      case "/token": {
        if (fields.grantType === "refresh_token")
          return refreshing.delete(String(fields.refreshToken)) ? granted() : refused("invalid_grant")
        const refusal = answers[polls++]
        return refusal === undefined ? granted() : refused(refusal)
      }
      case "/federation/credentials": {
        if (!access.has(headers.get("x-amz-sso_bearer_token") ?? ""))
          return Response.json({ message: "Session token not found or invalid" }, { status: 401 })
        const expiration = Date.now() + 3_600_000
        return Response.json({ roleCredentials: { ...keys(query.get("role_name") ?? ""), expiration } })
      }
      case "/logout":
        return access.delete(headers.get("x-amz-sso_bearer_token") ?? "") ? new Response("{}") : refused("invalid")
      case "/":
        return fields.Action === "AssumeRoleWithWebIdentity" && fields.WebIdentityToken === "web-identity"
          ? Response.json({
              AssumeRoleWithWebIdentityResponse: { AssumeRoleWithWebIdentityResult: { Credentials: stsKeys() } },
            })
          : undefined
      default:
        return undefined
    }
  })
  return {
    ...server,
    takes: (sessionToken) => sessions.has(sessionToken ?? ""),
    endKeys() {
      generation += "-again"
      sessions.clear()
    },
    revokeAll() {
      sessions.clear()
      access.clear()
      refreshing.clear()
    },
  }
}

function stsKeys() {
  const Expiration = Math.floor(Date.now() / 1000) + 3_600
  return { AccessKeyId: "ASIAweb", SecretAccessKey: "secret-of-web", SessionToken: "session-of-web", Expiration }
}
