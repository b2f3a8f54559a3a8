import { SkeinError } from "@skein/protocol"
import type { ServerAuth } from "../connection/options.ts"
import { saying } from "../connection/said.ts"
import { loadSdk } from "../wire/sdk.ts"
import { addressesFor } from "./addresses.ts"
import { guardedFetch } from "./guarded-fetch.ts"
import { NeedsLogin } from "./needs-login.ts"
import { type LoginRecord, loginId, recordOf, secretsOf, textOf } from "./record.ts"
import { refusalOf, renewed, withTokens } from "./tokens.ts"
import type { KeptText, LoginPlaces, LoginWorld, Remote } from "./world.ts"

/** Renewed so long before its end that none ends on its way. */
const MARGIN_MS = 60_000

/**
 * What requests to a server are signed with: the token of the login that is kept, renewed before its end and when the server
 * does not take it. Of all skeins on this machine one renews it, and the others take what it was given (RFC 9700 §4.14.2).
 * Never opens a page.
 */
export function loginSession(remote: () => Remote, world: LoginWorld): ServerAuth {
  let current: LoginRecord | undefined
  let hasLooked = false
  let sent: string | undefined

  function taken(record: LoginRecord | undefined): LoginRecord | undefined {
    for (const secret of record === undefined ? [] : secretsOf(record)) world.know(`login of ${remote().name}`, secret)
    current = record
    hasLooked = true
    return record
  }
  const isFresh = ({ expiresAt }: LoginRecord) => world.now() < (expiresAt ?? Number.POSITIVE_INFINITY) - MARGIN_MS

  async function look(): Promise<LoginRecord | undefined> {
    const { url } = remote()
    const kept = await (await world.places()).read(loginId(url))
    return taken(kept === undefined ? undefined : recordOf(kept.text, url))
  }

  /** A token that is another than the refused one. Throws NeedsLogin. */
  async function another(refused: string | undefined): Promise<string> {
    const { url } = remote()
    const places = await world.places()
    return await places.exclusively(loginId(url), async () => {
      const kept = await places.read(loginId(url))
      const record = taken(kept === undefined ? undefined : recordOf(kept.text, url))
      if (kept === undefined || record === undefined) throw new NeedsLogin("wants a login")
      const { access, refresh, ended } = record
      // Another skein was faster.
      if (access !== undefined && access !== refused && isFresh(record)) return access
      if (ended !== undefined) throw new NeedsLogin(ended)
      if (refresh === undefined)
        return await over(places, kept, record, "wants a new login: the last one is over, and cannot be renewed")
      return await renewedBy(places, kept, record, refresh)
    })
  }

  async function renewedBy(places: LoginPlaces, kept: KeptText, record: LoginRecord, refresh: string): Promise<string> {
    const sdk = await loadSdk()
    const { url, name } = remote()
    const guarded = guardedFetch({ through: world.fetch, allowed: addressesFor(url) })
    try {
      const next = withTokens(record, await renewed(sdk, record, refresh, guarded), world.now())
      taken(next)
      await kept.replace(textOf(next))
      return next.access ?? ""
    } catch (error) {
      if (error instanceof SkeinError && error.code === "secret.unavailable") throw error
      const { kind, why } = refusalOf(error, sdk, saying(secretsOf(record)))
      if (kind === "over")
        return await over(
          places,
          kept,
          record,
          `wants a new login: the last one is over, as the login server answered ${why}`,
        )
      throw new SkeinError("login.unavailable", `The login of the MCP server ${name} could not be renewed: ${why}.`, {
        cause: error,
      })
    }
  }

  /** Said at once the next time, and by status. */
  async function over(_: LoginPlaces, kept: KeptText, record: LoginRecord, why: string): Promise<never> {
    const { access: _a, refresh: _r, expiresAt: _e, ...left } = record
    const ended = { ...left, ended: why }
    await kept.replace(textOf(ended))
    taken(ended)
    throw new NeedsLogin(why)
  }

  return {
    async token() {
      const record = hasLooked ? current : await look()
      if (record?.access === undefined) return undefined
      if (!isFresh(record) && record.refresh !== undefined) {
        // A server that is asked with what is over says so, and what to do is said then.
        const next = await another(record.access).catch((error: unknown) => {
          if (error instanceof NeedsLogin) return undefined
          throw error
        })
        sent = next
        return next
      }
      sent = record.access
      return record.access
    },
    forget() {
      hasLooked = false
    },
    async onUnauthorized() {
      await another(sent)
    },
  }
}
