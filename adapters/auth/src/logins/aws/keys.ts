import { type Fields, numberIn, textIn, tokenIn } from "../fields.ts"

/** What requests to AWS are signed with, for a session or for good. */
export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  /** Milliseconds since 1970; undefined: for good. */
  readonly expiresAt: number | undefined
}

/** Keys as AWS's services and programs write them, in whichever case. Undefined for what holds none. */
export function keysIn(fields: Fields | undefined): AwsKeys | undefined {
  const accessKeyId = tokenIn(fields, "AccessKeyId", "accessKeyId", "aws_access_key_id")
  const secretAccessKey = tokenIn(fields, "SecretAccessKey", "secretAccessKey", "aws_secret_access_key")
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  const sessionToken = tokenIn(fields, "SessionToken", "sessionToken", "Token", "aws_session_token")
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt: endIn(fields) }
}

/** A date, or seconds or milliseconds since 1970: each of the services has its own. */
function endIn(fields: Fields | undefined): number | undefined {
  const number = numberIn(fields, "Expiration", "expiration")
  if (number !== undefined) return number > 1e11 ? number : number * 1000
  const at = Date.parse(textIn(fields, "Expiration", "expiration") ?? "")
  return Number.isNaN(at) ? undefined : at
}
