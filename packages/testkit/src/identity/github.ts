import { type Asked, type IdentityServer, identityServer } from "./served.ts"

export interface GithubOptions {
  /** What polls for the code are answered, one after the other, before it is typed in: `authorization_pending`, `slow_down` … */
  readonly answers?: readonly string[]
  readonly intervalS?: number
  /** The answer to the exchange, in the place of a token. */
  readonly exchange?: (() => Response | undefined) | undefined
  /** Where Copilot is: named with each token. */
  readonly api?: string
  /** How long a token of Copilot is good. */
  readonly lifeS?: number
}

export interface GithubServer extends IdentityServer {
  /** Whether a request's bearer is a token of Copilot that is still good. */
  takes(bearer: string | undefined): boolean
  /** Ends what was given on GitHub's page. */
  revokeAll(): void
  endAccess(): void
  readonly exchanges: () => number
}

/** GitHub's device flow, and the exchange of its token for a short one of Copilot; on one host, under the paths of both. */
export function github(options: GithubOptions = {}): GithubServer {
  const { answers = [], intervalS = 0, exchange, api, lifeS = 1_500 } = options
  const granted = new Set<string>()
  const copilot = new Set<string>()
  let polls = 0
  let exchanges = 0

  function polled({ fields }: Asked): Response {
    if (fields.device_code !== "device-1") return Response.json({ error: "incorrect_device_code" })
    const refusal = answers[polls++]
    // GitHub refuses with 200.
    if (refusal !== undefined) return Response.json({ error: refusal, error_description: `It is ${refusal}.` })
    const token = `ghu_${crypto.randomUUID()}`
    granted.add(token)
    return Response.json({ access_token: token, token_type: "bearer", scope: "read:user" })
  }

  function exchanged(): Response {
    const refusal = exchange?.()
    if (refusal !== undefined) return refusal
    exchanges += 1
    const token = `tid=${crypto.randomUUID()};exp=1`
    copilot.add(token)
    const ends = { expires_at: Math.floor(Date.now() / 1000) + lifeS, refresh_in: lifeS }
    return Response.json({ token, ...ends, ...(api === undefined ? {} : { endpoints: { api } }) })
  }

  const server = identityServer((asked) => {
    const isKnown = granted.has((asked.headers.get("authorization") ?? "").replace(/^token /, ""))
    switch (asked.path) {
      case "/login/device/code":
        return Response.json({
          ...{ device_code: "device-1", user_code: "WDJB-MJHT", verification_uri: `${server.url}/login/device` },
          ...{ expires_in: 900, interval: intervalS },
        })
      case "/login/oauth/access_token":
        return polled(asked)
      case "/copilot_internal/v2/token":
        return isKnown ? exchanged() : Response.json({ message: "Bad credentials" }, { status: 401 })
      case "/user":
        return isKnown ? Response.json({ login: "anna" }) : new Response("{}", { status: 401 })
      default:
        return undefined
    }
  })

  return {
    ...server,
    takes: (bearer) => copilot.has((bearer ?? "").replace(/^Bearer /, "")),
    revokeAll() {
      granted.clear()
      copilot.clear()
    },
    endAccess: () => copilot.clear(),
    exchanges: () => exchanges,
  }
}
