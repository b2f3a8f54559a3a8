import { SkeinError } from "@skein/protocol"
import { fieldsOf, numberIn, textIn, tokenIn } from "../fields.ts"
import { type Ground, said } from "../ground.ts"
import type { LoggedOut, Person } from "../login.ts"
import { byDevice, deviceAnswer } from "../oauth/device.ts"
import { type Answer, ask, isPassing, refusalText, secureUrl, shortened } from "../request.ts"
import { revoked } from "../revoke.ts"
import { type AwsKeys, keysIn } from "./keys.ts"
import type { Section, SharedFiles } from "./shared-files.ts"
import { readSsoToken, removeSsoToken, type SsoToken, ssoCachePath, writeSsoToken } from "./sso-cache.ts"

/** What a profile says about logging in to AWS IAM Identity Center. */
export interface SsoProfile {
  readonly profile: string
  readonly startUrl: string
  readonly region: string
  readonly scopes: readonly string[]
  readonly accountId: string
  readonly roleName: string
  /** The AWS CLI's own file of this login. */
  readonly path: string
}

const NAME = "AWS IAM Identity Center"
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
/** One for all profiles: the file of a login may be that of several. */
const LOCK = "aws-sso"
/** Renewed this long before its end, so that none ends on its way. */
const MARGIN_MS = 5 * 60_000

/** Undefined: the profile says nothing of it. Throws SkeinError `config.invalid` for one that says half. */
export function ssoProfile(
  profile: string,
  section: Section,
  files: SharedFiles,
  home: string,
): SsoProfile | undefined {
  const sessionName = section.get("sso_session")
  const session = sessionName === undefined ? section : files.session(sessionName)
  if (sessionName === undefined && section.get("sso_start_url") === undefined) return undefined
  const [startUrl, region] = [session?.get("sso_start_url"), session?.get("sso_region")]
  const [accountId, roleName] = [section.get("sso_account_id"), section.get("sso_role_name")]
  if (startUrl === undefined || region === undefined || accountId === undefined || roleName === undefined)
    throw new SkeinError(
      "config.invalid",
      `The AWS profile ${profile} says only half of a login: it needs sso_start_url, sso_region, sso_account_id and sso_role_name. Run: aws configure sso`,
    )
  const scopes = (session?.get("sso_registration_scopes") ?? "sso:account:access")
    .split(",")
    .map((scope) => scope.trim())
  return {
    ...{ profile, startUrl, region, scopes, accountId, roleName },
    path: ssoCachePath(home, sessionName ?? startUrl),
  }
}

/** The device flow of AWS (OIDC API: RegisterClient, StartDeviceAuthorization, CreateToken). Throws SkeinError `login.*`. */
export async function ssoLogin(ground: Ground, sso: SsoProfile, person: Person): Promise<SsoToken> {
  const what = `log in to ${NAME}`
  const { signal } = person
  const asking = (path: string, json: unknown) =>
    ask(ground.fetch, { url: `${oidcUrl(ground, sso)}${path}`, what, json, signal })
  const client = await asking("/client/register", { clientName: "skein", clientType: "public", scopes: sso.scopes })
  const [clientId, clientSecret] = [textIn(client.fields, "clientId"), textIn(client.fields, "clientSecret")]
  if (clientId === undefined || clientSecret === undefined) throw refusal(client)
  const begun = await asking("/device_authorization", { clientId, clientSecret, startUrl: sso.startUrl })
  const [deviceCode, userCode] = [textIn(begun.fields, "deviceCode"), textIn(begun.fields, "userCode")]
  const page = textIn(begun.fields, "verificationUri")
  if (deviceCode === undefined || userCode === undefined || page === undefined) throw refusal(begun)
  const whole = textIn(begun.fields, "verificationUriComplete")
  const answer = await byDevice(
    {
      ...{ name: NAME, userCode: shortened(userCode), page: secureUrl(page, `the page of ${NAME}`).href },
      ...(whole === undefined ? {} : { wholePage: secureUrl(whole, `the page of ${NAME}`).href }),
      intervalMs: (numberIn(begun.fields, "interval") ?? 5) * 1000,
      lifeMs: (numberIn(begun.fields, "expiresIn") ?? 600) * 1000,
      async poll() {
        const given = await asking("/token", { clientId, clientSecret, grantType: DEVICE_GRANT, deviceCode })
        return deviceAnswer(given, NAME, () => (tokenIn(given.fields, "accessToken") === undefined ? undefined : given))
      },
    },
    person,
  )
  const endS = numberIn(client.fields, "clientSecretExpiresAt")
  const registrationExpiresAt = endS === undefined ? undefined : endS * 1000
  const token = tokenOf(answer, ground.now(), {
    ...sso,
    clientId,
    clientSecret,
    registrationExpiresAt,
    refreshToken: undefined,
  })
  if (token === undefined) throw refusal(answer)
  await ground.kept.exclusively(LOCK, async () => writeSsoToken(sso.path, token))
  return token
}

/** The keys of the profile's role. Renews the login when it is about to end. Throws SkeinError `login.*`. */
export async function ssoKeys(
  ground: Ground,
  sso: SsoProfile,
  id: string,
  signal: AbortSignal | undefined,
): Promise<AwsKeys> {
  const token = await freshToken(ground, sso, id, signal)
  const query = new URLSearchParams({ role_name: sso.roleName, account_id: sso.accountId })
  const answer = await ask(ground.fetch, {
    url: `${portalUrl(ground, sso)}/federation/credentials?${query}`,
    ...{ what: `get the keys of the role ${sso.roleName}`, method: "GET", signal },
    headers: { "x-amz-sso_bearer_token": token.accessToken },
  })
  const keys = keysIn(fieldsOf(answer.fields.roleCredentials))
  if (answer.status === 200 && keys !== undefined) return keys
  if (answer.status === 401) throw over(sso, id, `${answer.host} answered ${refusalText(answer)}`)
  throw refusal(answer)
}

/** Ends the login at AWS, and takes it from here whatever AWS says. */
export async function ssoLogout(ground: Ground, sso: SsoProfile): Promise<LoggedOut> {
  // A renewal that is on its way would put back what was removed before it ended.
  const token = await ground.kept.exclusively(LOCK, async () => {
    const known = readSsoToken(sso.path)
    removeSsoToken(sso.path)
    return known
  })
  if (token === undefined) return { removed: [], notes: [] }
  const headers = { "x-amz-sso_bearer_token": token.accessToken }
  const end = () => ask(ground.fetch, { url: `${portalUrl(ground, sso)}/logout`, what: "end the login", headers })
  return { removed: [sso.path], notes: await revoked(end) }
}

async function freshToken(
  ground: Ground,
  sso: SsoProfile,
  id: string,
  signal: AbortSignal | undefined,
): Promise<SsoToken> {
  const isGood = (token: SsoToken, marginMs: number) => ground.now() < token.expiresAt - marginMs
  const known = readSsoToken(sso.path)
  if (known !== undefined && isGood(known, MARGIN_MS)) return known
  return await ground.kept.exclusively(
    LOCK,
    async () => {
      const token = readSsoToken(sso.path)
      if (token !== undefined && isGood(token, MARGIN_MS)) return token
      const next = token === undefined ? undefined : await renewed(ground, sso, token, signal)
      if (next !== undefined) return next
      // What is left of it may still do for this request.
      if (token !== undefined && isGood(token, 0)) return token
      throw over(sso, id, token === undefined ? "nobody is logged in" : "it was for some hours, and they are over")
    },
    signal,
  )
}

/** Undefined where it cannot be renewed, and a person has to log in. */
async function renewed(ground: Ground, sso: SsoProfile, token: SsoToken, signal: AbortSignal | undefined) {
  const { clientId, clientSecret, refreshToken, registrationExpiresAt = Number.POSITIVE_INFINITY } = token
  if (clientId === undefined || clientSecret === undefined || refreshToken === undefined) return undefined
  if (ground.now() >= registrationExpiresAt) return undefined
  const json = { clientId, clientSecret, refreshToken, grantType: "refresh_token" }
  const answer = await ask(ground.fetch, {
    url: `${oidcUrl(ground, sso)}/token`,
    what: `renew the login of ${NAME}`,
    json,
    signal,
  })
  if (isPassing(answer)) throw refusal(answer)
  const next = tokenOf(answer, ground.now(), token)
  if (next !== undefined) writeSsoToken(sso.path, next)
  return next
}

type Base = Omit<SsoToken, "accessToken" | "expiresAt">

function tokenOf({ status, fields }: Answer, now: number, base: Base): SsoToken | undefined {
  const accessToken = tokenIn(fields, "accessToken")
  if (status !== 200 || accessToken === undefined) return undefined
  const { startUrl, region, clientId, clientSecret, registrationExpiresAt } = base
  const expiresAt = now + (numberIn(fields, "expiresIn") ?? 3_600) * 1000
  const refreshToken = tokenIn(fields, "refreshToken") ?? base.refreshToken
  return { startUrl, region, accessToken, expiresAt, clientId, clientSecret, registrationExpiresAt, refreshToken }
}

/** Who is asked to renew a login, and for keys. */
export function ssoServers(ground: Ground, sso: SsoProfile): readonly string[] {
  return [oidcUrl(ground, sso), portalUrl(ground, sso)]
}

/** As AWS's own variables move them. */
function oidcUrl({ env }: Ground, { region }: SsoProfile): string {
  return serviceUrl(said(env, "AWS_ENDPOINT_URL_SSO_OIDC") ?? `https://oidc.${regionName(region)}.amazonaws.com`)
}

function portalUrl({ env }: Ground, { region }: SsoProfile): string {
  return serviceUrl(said(env, "AWS_ENDPOINT_URL_SSO") ?? `https://portal.sso.${regionName(region)}.amazonaws.com`)
}

function serviceUrl(address: string): string {
  return secureUrl(address, "the address of AWS's login").href.replace(/\/$/, "")
}

/** Part of a host's name, and nothing else. */
export function regionName(region: string): string {
  if (/^[a-z]{2,}(?:-[a-z0-9]+){1,4}$/.test(region)) return region
  throw new SkeinError(
    "config.invalid",
    `${JSON.stringify(region.slice(0, 40))} is no region of AWS, as us-east-1 is one.`,
  )
}

function over({ profile }: SsoProfile, id: string, why: string): SkeinError {
  return new SkeinError(
    "login.expired",
    `The login of the AWS profile ${profile} is over: ${why}. Log in again: skein login ${id} --profile ${profile}`,
  )
}

function refusal(answer: Answer): SkeinError {
  const why = `${answer.host} answered ${refusalText(answer)}`
  if (isPassing(answer))
    return new SkeinError("login.unavailable", `${NAME} cannot be asked now: ${why}. Try again later.`)
  return new SkeinError("login.refused", `${NAME} refuses: ${why}.`)
}
