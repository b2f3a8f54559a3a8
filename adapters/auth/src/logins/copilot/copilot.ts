import { SkeinError } from "@skein/protocol"
import { fieldsOf, numberIn, textIn, tokenIn } from "../fields.ts"
import type { Ground } from "../ground.ts"
import { keptName } from "../kept.ts"
import type { Channel } from "../login.ts"
import { away, expired, refused } from "../refusals.ts"
import { renewing, textOf } from "../renewing.ts"
import { type Answer, isPassing, refusalText, secureUrl, shortened } from "../request.ts"
import { githubServer, NAME } from "./server.ts"
import { enterpriseOf, readSubscription, type Subscription } from "./subscription.ts"

/** Renewed this long before its end, so that none ends on its way. */
const STALE_MS = 2 * 60_000
/** Where a token says nothing of its end. */
const LIFE_MS = 25 * 60_000

const UNOFFICIAL =
  "This login is not official: GitHub made it for editors that it knows. It can end it at any time, and its terms may not allow it."

/** GitHub's device flow, and the exchange of its token for the short one of Copilot. */
export function copilot(ground: Ground): Channel {
  const { now, kept } = ground

  const renewable = renewing<Subscription>(
    {
      ...{ kept, name: NAME, read: readSubscription, write: (subscription) => ({ ...subscription }) },
      secretOf: ({ copilot }) => copilot,
      staleAt: ({ expiresAt }) => expiresAt - STALE_MS,
      async renew(before, id, signal) {
        const answer = await githubServer(ground, before.enterprise).exchange(before.github, signal)
        const next = exchanged(before, answer, now())
        if (next !== undefined) return next
        throw answer.status === 401 ? expired(NAME, id, answer) : withoutCopilot(answer)
      },
      issued: ({ github, account, expiresAt, api }, secret) => ({
        credential: { secret, ...(api === undefined ? {} : { baseUrl: api }) },
        ...{ account, expiresAt: expiresAt - STALE_MS, isRenewable: true, secrets: [github, secret] },
      }),
      state: ({ account, enterprise, api }) => ({
        baseUrl: api,
        account: enterprise === undefined ? account : `${account ?? "an account"} at ${enterprise}`,
        isRenewable: true,
        servers: [githubServer(ground, enterprise).api()],
      }),
    },
    now,
  )

  return {
    ...renewable,
    unofficial: UNOFFICIAL,
    async login(id, wish, person, place) {
      if (wish.way === "browser")
        throw new SkeinError(
          "login.refused",
          `${NAME} gives a code to type in, and no page alone. Leave --browser out.`,
        )
      const enterprise = wish.enterprise === undefined ? undefined : enterpriseOf(wish.enterprise)
      const store = await place()
      const server = githubServer(ground, enterprise)
      const github = await server.login(wish.clientId, person)
      const account = await server.account(github, person.signal)
      const first = { github, account, enterprise, expiresAt: 0, copilot: undefined, api: undefined }
      const answer = await server.exchange(github, person.signal)
      const whole = exchanged(first, answer, now())
      if (whole === undefined) throw withoutCopilot(answer)
      return { account, place: await store.set(keptName(id), textOf({ ...whole })) }
    },
    async logout(id) {
      const removed = await kept.remove(id)
      const note = "GitHub ends such a token only on its own page: Settings, Applications, Authorized GitHub Apps."
      return { removed, notes: removed.length === 0 ? [] : [note] }
    },
  }
}

/** With the token of Copilot that was given for the one of GitHub; undefined when there was none. */
function exchanged(before: Subscription, { status, fields }: Answer, now: number): Subscription | undefined {
  const copilot = tokenIn(fields, "token")
  if (status !== 200 || copilot === undefined) return undefined
  const [endS, inS] = [numberIn(fields, "expires_at"), numberIn(fields, "refresh_in")]
  const ofToken = endS === undefined ? now + LIFE_MS : endS * 1000
  // How long it is good, by this machine's clock, where that is said: clocks differ.
  const expiresAt = inS === undefined ? ofToken : now + inS * 1000 + STALE_MS
  const named = textIn(fieldsOf(fields.endpoints), "api")
  const usual = before.enterprise === undefined ? undefined : `https://copilot-api.${before.enterprise}`
  const api = named === undefined ? usual : secureUrl(named, `the address that ${NAME} named`).href.replace(/\/$/, "")
  return { ...before, copilot, expiresAt, api }
}

/** GitHub knows who it is, and gives them no Copilot, or not now. */
function withoutCopilot(answer: Answer): SkeinError {
  if (isPassing(answer)) return away(NAME, answer)
  const said = shortened(textIn(fieldsOf(answer.fields.error_details), "message") ?? "")
  const why = said === "" ? refusalText(answer) : said.replace(/\.$/, "")
  return refused(NAME, `the account has no Copilot that it could use: ${why}`)
}
