import { SkeinError } from "@skein/protocol"
import { numberIn, textIn, tokenIn } from "../fields.ts"
import { type Ground, said } from "../ground.ts"
import type { Person } from "../login.ts"
import { byDevice, deviceAnswer } from "../oauth/device.ts"
import { unusable } from "../refusals.ts"
import { type Answer, ask, secureUrl, shortened } from "../request.ts"

export const NAME = "GitHub Copilot"

/** The public client of GitHub's own plug-in for editors; `--client-id` names another. */
const CLIENT_ID = "Iv1.b507a08c87ecfe98"
const GRANT = "urn:ietf:params:oauth:grant-type:device_code"
/** Beyond the interval that GitHub names: asked on the second, it sometimes says that it was asked too soon. */
const MARGIN_MS = 3_000
/** What the service tells its clients by. */
const CLIENT = { "user-agent": "skein", "editor-version": "skein/0.1.0", "copilot-integration-id": "vscode-chat" }

/** GitHub, or an enterprise of it. */
export interface GithubServer {
  /** The address of its API. */
  api(): string
  /** The device flow (RFC 8628) to a token of GitHub. Throws SkeinError `login.*`. */
  login(clientId: string | undefined, person: Person): Promise<string>
  /** Only for people to see: without it the login is as good. */
  account(token: string, signal: AbortSignal): Promise<string | undefined>
  /** For a token of Copilot. Any answer is one. */
  exchange(token: string, signal?: AbortSignal): Promise<Answer>
}

/** SKEIN_GITHUB_URL and SKEIN_GITHUB_API_URL move it, for a network that has a gateway before it. */
export function githubServer(
  { env, fetch }: Pick<Ground, "env" | "fetch">,
  enterprise: string | undefined,
): GithubServer {
  const host = enterprise ?? "github.com"
  const at = (name: string, usual: string) => secureUrl(said(env, name) ?? usual, name).href.replace(/\/$/, "")
  const site = () => at("SKEIN_GITHUB_URL", `https://${host}`)
  const api = () => at("SKEIN_GITHUB_API_URL", `https://api.${host}`)
  const what = `log in to ${NAME}`

  return {
    api,
    async login(clientId = CLIENT_ID, person) {
      const { signal } = person
      const form = { client_id: clientId, scope: "read:user" }
      const begun = await ask(fetch, { url: `${site()}/login/device/code`, what, form, signal })
      const [userCode, device] = [textIn(begun.fields, "user_code"), textIn(begun.fields, "device_code")]
      if (userCode === undefined || device === undefined) throw unusable(NAME, begun)
      const page = textIn(begun.fields, "verification_uri") ?? `${site()}/login/device`
      return await byDevice(
        {
          ...{ name: NAME, userCode: shortened(userCode), page: secureUrl(page, "the page for the code").href },
          intervalMs: (numberIn(begun.fields, "interval") ?? 5) * 1000 + MARGIN_MS,
          lifeMs: (numberIn(begun.fields, "expires_in") ?? 900) * 1000,
          async poll() {
            const form = { client_id: clientId, device_code: device, grant_type: GRANT }
            const answer = await ask(fetch, { url: `${site()}/login/oauth/access_token`, what, form, signal })
            return deviceAnswer(answer, NAME, () => tokenIn(answer.fields, "access_token"))
          },
        },
        person,
      )
    },
    async account(token, signal) {
      const headers = { ...CLIENT, authorization: `token ${token}` }
      const question = { url: `${api()}/user`, what: "see who is logged in", method: "GET", headers, signal } as const
      const answer = await ask(fetch, question).catch((error: unknown) => {
        if (error instanceof SkeinError) return undefined
        throw error
      })
      const account = answer === undefined ? "" : shortened(textIn(answer.fields, "login") ?? "")
      return account === "" ? undefined : account
    },
    async exchange(token, signal) {
      const headers = { ...CLIENT, authorization: `token ${token}` }
      const url = `${api()}/copilot_internal/v2/token`
      return await ask(fetch, { url, what: `renew the login of ${NAME}`, method: "GET", headers, signal })
    },
  }
}
