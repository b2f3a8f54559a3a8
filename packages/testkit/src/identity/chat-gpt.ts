import { type Asked, type IdentityServer, identityServer, webToken } from "./served.ts"

export interface ChatGptOptions {
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
  /** How long an access token is good. */
  readonly lifeS?: number
  /** How long a renewal takes, so that others come meanwhile. */
  readonly renewalMs?: number
  /** How often a code's page is polled in vain before somebody types it in. */
  readonly devicePolls?: number
}

export interface ChatGptServer extends IdentityServer {
  /** Whether a request's bearer is one that is still good. */
  takes(bearer: string | undefined): boolean
  /** Ends every token, as a person does on the provider's page. */
  revokeAll(): void
  /** Ends access tokens only: the next renewal gives a new one. */
  endAccess(): void
  /** What the person's browser is sent to after they agreed on the page. */
  agree(page: string): Promise<string>
  /** How long access tokens are good that are given from now on. */
  setLife(seconds: number): void
  /** How often a refresh token was taken. */
  readonly renewals: () => number
}

/** As much of ChatGPT's login as is asked: PKCE, its own form of device codes, renewal that takes each refresh token once. */
export function chatGpt({ tls, lifeS = 3_600, renewalMs = 0, devicePolls = 0 }: ChatGptOptions = {}): ChatGptServer {
  const codes = new Map<string, { challenge: string; redirectUri: string }>()
  const refreshTokens = new Set<string>()
  const spent = new Set<string>()
  const accessTokens = new Set<string>()
  let life = lifeS
  let renewals = 0
  let polls = 0

  function granted(): Response {
    const exp = Math.floor(Date.now() / 1000) + life
    const auth = { chatgpt_account_id: "acc-77", chatgpt_plan_type: "plus" }
    const access = webToken({ exp, "https://api.openai.com/auth": auth })
    const refresh = `refresh-${crypto.randomUUID()}`
    accessTokens.add(access)
    refreshTokens.add(refresh)
    const id = webToken({ email: "anna@example.test", "https://api.openai.com/auth": auth })
    return Response.json({ access_token: access, refresh_token: refresh, id_token: id, expires_in: life })
  }

  const refused = (status: number, code: string, message: string) =>
    Response.json({ error: { code, message } }, { status })

  async function token({ fields }: Asked): Promise<Response> {
    if (fields.grant_type === "authorization_code") {
      const code = codes.get(String(fields.code))
      codes.delete(String(fields.code))
      const challenge = Bun.CryptoHasher.hash("sha256", String(fields.code_verifier), "base64")
      const isRight = code?.challenge === url64(challenge) && code.redirectUri === fields.redirect_uri
      return isRight ? granted() : refused(400, "invalid_grant", "The code is not good.")
    }
    const refresh = String(fields.refresh_token)
    if (spent.has(refresh)) {
      revokeAll()
      return refused(401, "refresh_token_reused", "Your refresh token was used before.")
    }
    if (!refreshTokens.delete(refresh)) return refused(401, "refresh_token_invalidated", "Your session has ended.")
    spent.add(refresh)
    renewals += 1
    await Bun.sleep(renewalMs)
    return granted()
  }

  function device({ path }: Asked): Response {
    if (path.endsWith("/usercode"))
      return Response.json({ device_auth_id: "dev-1", user_code: "ABCD-12345", interval: "1" })
    if (polls++ < devicePolls) return refused(403, "deviceauth_authorization_unknown", "Not yet.")
    const [code, verifier] = [crypto.randomUUID(), crypto.randomUUID()]
    const challenge = url64(Bun.CryptoHasher.hash("sha256", verifier, "base64"))
    const issuer = tls === undefined ? server.url : "https://auth.openai.com"
    codes.set(code, { challenge, redirectUri: `${issuer}/deviceauth/callback` })
    return Response.json({ authorization_code: code, code_verifier: verifier, code_challenge: challenge })
  }

  function authorize({ query }: Asked): Response {
    const redirectUri = query.get("redirect_uri") ?? ""
    const isAllowed = /^http:\/\/localhost:145[57]\/auth\/callback$/.test(redirectUri)
    const isAsked = query.get("response_type") === "code" && query.get("code_challenge_method") === "S256"
    if (!isAllowed || !isAsked) return refused(400, "invalid_request", "That is not how to log in.")
    const code = crypto.randomUUID()
    codes.set(code, { challenge: query.get("code_challenge") ?? "", redirectUri })
    const answer = new URLSearchParams({ code, state: query.get("state") ?? "" })
    return new Response(null, { status: 302, headers: { location: `${redirectUri}?${answer}` } })
  }

  function revokeAll(): void {
    refreshTokens.clear()
    accessTokens.clear()
  }

  const server = identityServer((asked) => {
    if (asked.path === "/oauth/authorize") return authorize(asked)
    if (asked.path === "/oauth/token") return token(asked)
    if (asked.path.startsWith("/api/accounts/deviceauth/")) return device(asked)
    if (asked.path !== "/oauth/revoke") return undefined
    refreshTokens.delete(String(asked.fields.token))
    return Response.json({})
  }, tls)

  return {
    ...server,
    takes: (bearer) => accessTokens.has((bearer ?? "").replace(/^Bearer /, "")),
    revokeAll,
    endAccess: () => accessTokens.clear(),
    setLife(seconds) {
      life = seconds
    },
    async agree(page) {
      const answer = await fetch(page, { redirect: "manual" })
      return answer.headers.get("location") ?? ""
    },
    renewals: () => renewals,
  }
}

function url64(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
}
