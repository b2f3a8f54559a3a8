import { SkeinError } from "@skein/protocol"
import { addressesFor } from "./addresses.ts"
import { guardedFetch } from "./guarded-fetch.ts"
import { type LoginRecord, loginId, recordOf } from "./record.ts"
import type { LoginWorld, Remote } from "./world.ts"

export interface LoggedOut {
  /** Places it was removed from. */
  readonly removed: readonly string[]
  /** What the person should know: that a token goes on until it ends by itself, say. */
  readonly notes: readonly string[]
}

/** Takes a login away, and ends its tokens at the login server where that can be done (RFC 7009). */
export async function logOut(remote: Remote, world: LoginWorld): Promise<LoggedOut> {
  const id = loginId(remote.url)
  const places = await world.places()
  return await places.exclusively(id, async () => {
    const kept = await places.read(id)
    const removed = await places.remove(id)
    const record = kept === undefined ? undefined : recordOf(kept.text, remote.url)
    return { removed, notes: record === undefined ? [] : await revoked(record, remote, world) }
  })
}

async function revoked(record: LoginRecord, remote: Remote, world: LoginWorld): Promise<readonly string[]> {
  const { authority, refresh, access } = record
  if (refresh === undefined && access === undefined) return []
  if (authority.revocationUrl === undefined)
    return [`${new URL(authority.issuer).host} has no way to end a token: it goes on until it ends by itself.`]
  const guarded = guardedFetch({ through: world.fetch, allowed: addressesFor(remote.url) })
  try {
    const kinds = [
      ["refresh_token", refresh],
      ["access_token", access],
    ] as const
    for (const [kind, token] of kinds) {
      if (token === undefined) continue
      const response = await guarded(authority.revocationUrl, request(record, { token, token_type_hint: kind }))
      if (!response.ok) return [notEnded(`${new URL(authority.revocationUrl).host} answered ${response.status}`)]
    }
    return []
  } catch (error) {
    if (error instanceof SkeinError) return [notEnded(error.message.replace(/\.$/, ""))]
    throw error
  }
}

function notEnded(why: string): string {
  return `The token was removed here, and could not be ended at its server: ${why}.`
}

/** Shows who skein is as its requests for tokens do (RFC 6749 §2.3.1). */
function request({ client, authority }: LoginRecord, fields: Readonly<Record<string, string>>): RequestInit {
  const { id, secret, method } = client
  const body = new URLSearchParams(fields)
  const headers = new Headers({ accept: "application/json", "content-type": "application/x-www-form-urlencoded" })
  const isBasic =
    secret !== undefined &&
    (method ?? "client_secret_basic") === "client_secret_basic" &&
    authority.methods?.includes("client_secret_basic") !== false
  if (isBasic) {
    const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
    headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`)
  } else {
    body.set("client_id", id)
    if (secret !== undefined) body.set("client_secret", secret)
  }
  return { method: "POST", headers, body: body.toString() }
}
