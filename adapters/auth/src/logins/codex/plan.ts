import { type Fields, fieldsOf, numberIn, textIn, tokenIn } from "../fields.ts"
import { claimsOf } from "../oauth/claims.ts"

/** A ChatGPT plan that is logged in to, as it is kept. */
export interface Plan {
  readonly access: string
  /** Good for one renewal. */
  readonly refresh: string
  /** Of the workspace that is asked and pays. */
  readonly accountId: string
  /** The person's address, for people. */
  readonly account: string | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Where a token says nothing of its end. */
const LIFE_MS = 3_600_000

/** What was kept before; undefined for anything else. */
export function readPlan(fields: Fields): Plan | undefined {
  const [access, refresh] = [tokenIn(fields, "access"), tokenIn(fields, "refresh")]
  const accountId = tokenIn(fields, "accountId")
  if (access === undefined || refresh === undefined || accountId === undefined) return undefined
  const expiresAt = numberIn(fields, "expiresAt") ?? 0
  return { access, refresh, accountId, account: textIn(fields, "account"), expiresAt }
}

/** What a token answer gives, with what it leaves out from before. `now` in milliseconds. `no_account`: nobody's plan. */
export function grantedPlan(fields: Fields, now: number, before?: Plan): Plan | "no_account" | undefined {
  const access = tokenIn(fields, "access_token")
  const refresh = tokenIn(fields, "refresh_token") ?? before?.refresh
  if (access === undefined || refresh === undefined) return undefined
  const [ofAccess, ofId] = [claimsOf(access), claimsOf(tokenIn(fields, "id_token"))]
  const accountId = accountIn(ofId) ?? accountIn(ofAccess) ?? before?.accountId
  if (accountId === undefined) return "no_account"
  const [lifeS, endS] = [numberIn(fields, "expires_in"), numberIn(ofAccess, "exp")]
  const ofToken = endS === undefined ? now + LIFE_MS : endS * 1000
  const expiresAt = lifeS === undefined ? ofToken : now + lifeS * 1000
  return { access, refresh, accountId, account: textIn(ofId, "email") ?? before?.account, expiresAt }
}

function accountIn(claims: Fields | undefined): string | undefined {
  const own = fieldsOf(claims?.["https://api.openai.com/auth"])
  return tokenIn(own, "chatgpt_account_id") ?? tokenIn(claims, "chatgpt_account_id")
}
