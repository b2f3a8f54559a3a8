import { SkeinError } from "@skein/protocol"
import { type Fields, numberIn, textIn, tokenIn } from "../fields.ts"

/** A GitHub account with Copilot, as it is kept. */
export interface Subscription {
  /** Stays until it is ended at GitHub. */
  readonly github: string
  readonly account: string | undefined
  /** The host of an enterprise. */
  readonly enterprise: string | undefined
  /** What requests are signed with, for some minutes. */
  readonly copilot: string | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Where Copilot is for this account. */
  readonly api: string | undefined
}

/** What was kept before; undefined for anything else. */
export function readSubscription(fields: Fields): Subscription | undefined {
  const github = tokenIn(fields, "github")
  if (github === undefined) return undefined
  return {
    ...{ github, account: textIn(fields, "account"), enterprise: textIn(fields, "enterprise") },
    ...{
      copilot: tokenIn(fields, "copilot"),
      expiresAt: numberIn(fields, "expiresAt") ?? 0,
      api: textIn(fields, "api"),
    },
  }
}

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/

/** A name of a host, of whatever was written: `https://octo.ghe.com/`. Throws SkeinError `config.invalid`. */
export function enterpriseOf(text: string): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, "")
    .replace(/\/+$/, "")
  if (HOST.test(host)) return host
  throw new SkeinError("config.invalid", "--enterprise takes the name of a host, as octo.ghe.com.")
}
