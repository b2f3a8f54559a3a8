import type { Host } from "@skein/host"
import { withHost } from "../../session/host.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { ACCOUNT_FLAGS, hasAccounts, logIn } from "./account.ts"
import { givenKey } from "./key.ts"
import { chosenStore } from "./place.ts"
import { status } from "./status.ts"

const CHECK_TIMEOUT_MS = 20_000

/**
 * `skein login [provider]`: logs in with an account where the provider has that, else keeps a key where programs cannot just
 * read it. `login status` says where keys and logins are.
 */
export const run: Run = (call) => {
  const { flags, words } = call
  // The profile is one of AWS's here, and none of settings.
  const text = (name: string) => (name === "profile" ? undefined : flags.text(name))
  const calling = { ...call, flags: { ...flags, text } }
  if (words[0] === "status") return withHost(calling, ({ host, call }) => status(host, call))
  if (words.length > 1) {
    throw new UsageError(
      "A key is never given on the command line: other users can see it there. skein login asks for it, or reads it from stdin.",
    )
  }
  return withHost(calling, async ({ host, call: { io } }) => {
    const asked = ACCOUNT_FLAGS.find((name) => flags.has(name))
    const owner = ownerOf(host, words[0], asked)
    if (hasAccounts(owner) && !flags.has("with-api-key")) return await logIn(host, owner, { flags, io })
    if (asked !== undefined) throw noAccount(host, owner.name, asked)
    const typed = await givenKey(io, owner.id, flags.has("with-api-key"))
    const key = host.keyFrom(typed, `key of ${owner.name}`)
    const store = await chosenStore(host, flags.text("source"), io)
    if (flags.has("check")) await host.models.check(owner, key, AbortSignal.timeout(CHECK_TIMEOUT_MS))
    const place = await store.set(owner.id, key)
    io.out(`Kept the key of ${owner.name} in: ${place}`)
    const variable = owner.keyEnv.find((name) => (io.env[name] ?? "").trim() !== "")
    if (variable !== undefined) io.err(`note    ${variable} is set, and is taken before it.`)
    return 0
  })
}

/** Whose key or login it is: the one that was named, else that of the configured model. Throws UsageError. */
export function ownerOf(host: Host, named: string | undefined, accountFlag?: string) {
  const { model } = host.config.values
  const name = named ?? (model === undefined ? undefined : host.models.resolve(model).split("/")[0])
  if (name === undefined && accountFlag !== undefined)
    throw new UsageError(`Whose login? Name a provider: ${accountsOf(host).join(", ")}.`)
  if (name === undefined) throw new UsageError(`Whose key or login? Name a provider.\n${choices(host)}`)
  const owner = host.models.ownerOf(name)
  if (owner === undefined) throw new UsageError(`No provider is called ${JSON.stringify(name)}.\n${choices(host)}`)
  if (owner.keyEnv.length > 0 || hasAccounts(owner)) return owner
  throw new UsageError(`${owner.name} takes no key, so nothing is kept for it. Ask it: skein -m ${owner.id}/<model>`)
}

/** All that can be named, so that nobody has to look for it elsewhere. */
function choices(host: Host): string {
  const keys = host.models.owners().flatMap((owner) => (hasAccounts(owner) ? [] : [owner.id]))
  return `With an account: ${accountsOf(host).join(", ")}.\nWith a key: ${keys.join(", ")}.`
}

function accountsOf(host: Host): readonly string[] {
  return host.models.owners().flatMap((owner) => (hasAccounts(owner) ? [owner.id] : []))
}

function noAccount(host: Host, name: string, flag: string): UsageError {
  return new UsageError(
    `${name} takes a key, and has no login with an account that --${flag} could mean. Accounts: ${accountsOf(host).join(", ")}.`,
  )
}
