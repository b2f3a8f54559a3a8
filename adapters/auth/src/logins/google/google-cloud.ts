import { SkeinError } from "@skein/protocol"
import { numberIn, tokenIn } from "../fields.ts"
import type { Ground } from "../ground.ts"
import type { Channel, Issued } from "../login.ts"
import { type Answer, ask, isPassing, refusalText } from "../request.ts"
import { applicationDefault, type FoundAccount, type GoogleAccount, projectOf } from "./application-default.ts"
import { assertion } from "./assertion.ts"

const NAME = "Google Cloud"
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
/** Renewed this long before its end, so that none ends on its way. */
const MARGIN_MS = 5 * 60_000
const LIFE_MS = 3_600_000
const HOW =
  "Set GOOGLE_APPLICATION_CREDENTIALS to the JSON file of a service account, or run: gcloud auth application-default login"

/** Google's application default credentials. Nothing of them is kept by skein: the file is the login. */
export function googleCloud(ground: Ground): Channel {
  const { env, now, fetch } = ground

  async function token({ account }: FoundAccount, signal: AbortSignal | undefined): Promise<Answer> {
    const what = `log in to ${NAME} as ${nameOf(account)}`
    const form =
      account.kind === "service_account"
        ? { grant_type: GRANT, assertion: await assertion(account, now()) }
        : {
            grant_type: "refresh_token",
            ...{
              client_id: account.clientId,
              client_secret: account.clientSecret,
              refresh_token: account.refreshToken,
            },
          }
    return await ask(fetch, { url: account.tokenUrl, what, form, signal })
  }

  async function issued(found: FoundAccount, id: string, signal?: AbortSignal): Promise<Issued> {
    const { account, path } = found
    const answer = await token(found, signal)
    const secret = tokenIn(answer.fields, "access_token")
    if (answer.status !== 200 || secret === undefined) throw refusal(answer, found, id)
    const project = projectOf(env, account)
    return {
      credential: { secret, ...(project === undefined ? {} : { project }) },
      ...{ source: `file ${path}`, account: nameOf(account), isRenewable: true },
      expiresAt: now() + (numberIn(answer.fields, "expires_in") ?? LIFE_MS / 1000) * 1000 - MARGIN_MS,
      secrets: [secret, ...(account.kind === "authorized_user" ? [account.refreshToken, account.clientSecret] : [])],
    }
  }

  return {
    async issue(id, { signal }) {
      const found = applicationDefault(ground)
      return found === undefined ? undefined : await issued(found, id, signal)
    },
    async state() {
      const found = applicationDefault(ground)
      if (found === undefined) return undefined
      const { account, path } = found
      return {
        ...{ account: nameOf(account), source: `file ${path}`, isRenewable: true, servers: [account.tokenUrl] },
        project: projectOf(env, account),
      }
    },
    async login(id, _, person) {
      const found = applicationDefault(ground)
      if (found === undefined)
        throw new SkeinError("login.refused", `There is no account of ${NAME} on this machine. ${HOW}`)
      const { account } = await issued(found, id, person.signal)
      if (projectOf(env, found.account) === undefined)
        person.say("note    The account names no project: set GOOGLE_CLOUD_PROJECT.")
      return { account, place: undefined }
    },
    async logout() {
      const found = applicationDefault(ground)
      if (found === undefined) return { removed: [], notes: [] }
      const how =
        found.account.kind === "authorized_user"
          ? "Run: gcloud auth application-default revoke"
          : "It stays until you remove it."
      return { removed: [], notes: [`The login of ${NAME} is the file ${found.path}. ${how}`] }
    },
  }
}

function nameOf(account: GoogleAccount): string {
  return account.kind === "service_account" ? account.email : "your Google account"
}

function refusal(answer: Answer, { account, path }: FoundAccount, id: string): SkeinError {
  const why = `${answer.host} answered ${refusalText(answer)}`
  if (isPassing(answer))
    return new SkeinError("login.unavailable", `${NAME} cannot be logged in to now: ${why}. Try again later.`)
  const how =
    account.kind === "authorized_user" ? "Run: gcloud auth application-default login" : "Get the file of its key again."
  return new SkeinError(
    "login.expired",
    `${NAME} does not take ${nameOf(account)} of ${path} (for ${id}): ${why}. ${how}`,
  )
}
