import { numberIn, textIn, tokenIn } from "../fields.ts"
import { type Ground, said } from "../ground.ts"
import type { Person } from "../login.ts"
import { type Authorized, authorize } from "../oauth/browser.ts"
import { byDevice, type Poll } from "../oauth/device.ts"
import { away, refused } from "../refusals.ts"
import { type Answer, ask, isPassing, refusalText, secureUrl, shortened } from "../request.ts"

export const NAME = "ChatGPT (OpenAI Codex)"

/** The public client of OpenAI's own program: no other may log in to these plans. */
const CLIENT_ID = "app_EMoamEEZ73f0CkXaXp7hrann"
const ISSUER = "https://auth.openai.com"
const SCOPE = "openid profile email offline_access"
/** Those that the client may be called back on. */
const PORTS = [1455, 1457]
const DEVICE_LIFE_MS = 15 * 60_000

/** ChatGPT's login server. Any answer of its token endpoint is an answer. */
export interface ChatGptServer {
  /** Its address. */
  issuer(): string
  /** By a page in a browser. Throws SkeinError `login.*`. */
  byBrowser(person: Person): Promise<Answer>
  /** By OpenAI's own form of a device code, which is good for 15 minutes. Throws SkeinError `login.*`. */
  byCode(person: Person): Promise<Answer>
  renew(refresh: string, signal: AbortSignal | undefined): Promise<Answer>
  revoke(refresh: string): Promise<Answer>
}

/** The issuer may be another one by SKEIN_CODEX_ISSUER, for a network that has a gateway before it. */
export function chatGptServer({ env, fetch }: Pick<Ground, "env" | "fetch">): ChatGptServer {
  const issuer = () =>
    secureUrl(said(env, "SKEIN_CODEX_ISSUER") ?? ISSUER, "SKEIN_CODEX_ISSUER").href.replace(/\/$/, "")
  const what = `log in to ${NAME}`

  async function exchanged(
    { code, verifier, redirectUri }: Omit<Authorized, "issuer">,
    signal: AbortSignal,
  ): Promise<Answer> {
    const proof = { code, redirect_uri: redirectUri, code_verifier: verifier }
    const form = { grant_type: "authorization_code", client_id: CLIENT_ID, ...proof }
    return await ask(fetch, { url: `${issuer()}/oauth/token`, what, form, signal })
  }

  function page(redirectUri: string, state: string, challenge: string): string {
    const query = new URLSearchParams({
      ...{ response_type: "code", client_id: CLIENT_ID, redirect_uri: redirectUri, scope: SCOPE },
      ...{ code_challenge: challenge, code_challenge_method: "S256", state },
      ...{ id_token_add_organizations: "true", codex_cli_simplified_flow: "true" },
    })
    return `${issuer()}/oauth/authorize?${query}`
  }

  async function polled(device: string, userCode: string, signal: AbortSignal): Promise<Poll<Answer>> {
    const json = { device_auth_id: device, user_code: userCode }
    const answer = await ask(fetch, { url: `${issuer()}/api/accounts/deviceauth/token`, what, json, signal })
    if (answer.status === 200) return { kind: "granted", value: answer }
    if (isPassing(answer)) return { kind: "slow_down" }
    // Until the code was typed in, it is as if there were none.
    if (answer.status === 403 || answer.status === 404) return { kind: "pending" }
    throw refused(NAME, `${answer.host} answered ${refusalText(answer)}`)
  }

  return {
    issuer,
    async byBrowser(person) {
      const otherWay = "press Ctrl+C and log in with a code instead: --device-auth"
      const login = { name: NAME, issuer: issuer(), ports: PORTS, path: "/auth/callback", otherWay, page }
      return await exchanged(await authorize(login, person), person.signal)
    },
    async byCode(person) {
      const { signal } = person
      const json = { client_id: CLIENT_ID }
      const begun = await ask(fetch, { url: `${issuer()}/api/accounts/deviceauth/usercode`, what, json, signal })
      const [userCode, device] = [textIn(begun.fields, "user_code", "usercode"), textIn(begun.fields, "device_auth_id")]
      if (userCode === undefined || device === undefined) throw noCode(begun)
      const granted = await byDevice(
        {
          ...{ name: NAME, userCode: shortened(userCode), page: `${issuer()}/codex/device`, lifeMs: DEVICE_LIFE_MS },
          intervalMs: (numberIn(begun.fields, "interval") ?? 5) * 1000,
          poll: () => polled(device, userCode, signal),
        },
        person,
      )
      const [code, verifier] = [tokenIn(granted.fields, "authorization_code"), tokenIn(granted.fields, "code_verifier")]
      if (code === undefined || verifier === undefined) throw refused(NAME, `${granted.host} gave no code`)
      return await exchanged({ code, verifier, redirectUri: `${issuer()}/deviceauth/callback` }, signal)
    },
    async renew(refresh, signal) {
      const form = { grant_type: "refresh_token", client_id: CLIENT_ID, refresh_token: refresh, scope: SCOPE }
      return await ask(fetch, { url: `${issuer()}/oauth/token`, what: `renew the login of ${NAME}`, form, signal })
    },
    async revoke(refresh) {
      const json = { token: refresh, token_type_hint: "refresh_token", client_id: CLIENT_ID }
      return await ask(fetch, { url: `${issuer()}/oauth/revoke`, what: "end the login", json })
    },
  }
}

function noCode(answer: Answer) {
  if (isPassing(answer)) return away(NAME, answer)
  const why = `${answer.host} gave no code (${refusalText(answer)})`
  return refused(NAME, `${why}. Codes may have to be allowed in the security settings of ChatGPT`)
}
