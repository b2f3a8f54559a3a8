import { resolve } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import type { Host } from "@skein/host"
import type { Flags } from "../../flags.ts"
import type { Io } from "../../io.ts"
import { UsageError } from "../../usage.ts"
import { isRemote, openPage } from "./browser.ts"
import { chosenStore } from "./place.ts"

type Accounts = Host["logins"]
type Owner = Parameters<Accounts["state"]>[0] & ReturnType<Host["models"]["owners"]>[number]
type Wish = Parameters<Accounts["login"]>[1]
type Person = Parameters<Accounts["login"]>[2]

/** Flags that only a login with an account has. */
export const ACCOUNT_FLAGS = [
  "browser",
  "device-auth",
  "no-browser",
  "cookies",
  "profile",
  "enterprise",
  "client-id",
] as const

const INTERRUPTED = 130

/** Whether the provider can be logged in to with an account. */
export function hasAccounts(owner: ReturnType<Host["models"]["owners"]>[number]): owner is Owner {
  return owner.login !== undefined
}

/** Logs in with an account, and says so. Throws SkeinError `login.*`, `secret.unavailable`. */
export async function logIn(
  host: Host,
  owner: Owner,
  { flags, io }: { readonly flags: Flags; readonly io: Io },
): Promise<number> {
  const warning = await host.logins.warning(owner)
  if (warning !== undefined) io.err(`note    ${warning}`)
  return await attended(io, !flags.has("no-browser"), async (person) => {
    const place = () => chosenStore(host, flags.text("source"), io)
    const { account, place: kept } = await host.logins.login(owner, wishOf(flags, io), person, place)
    io.out(
      `Logged in to ${owner.name}${account === undefined ? "" : ` as ${account}`}.${kept === undefined ? "" : ` Kept in: ${kept}`}`,
    )
    const variable = owner.keyEnv.find((name) => (io.env[name] ?? "").trim() !== "")
    if (variable !== undefined) io.err(`note    ${variable} is set, and is taken before it.`)
    return 0
  })
}

/** With the person at the terminal, who can give up by Ctrl+C. */
export async function attended(io: Io, mayOpen: boolean, work: (person: Person) => Promise<number>): Promise<number> {
  const stopping = new AbortController()
  const unwatch = io.onSignal(() => stopping.abort(new GivenUp("Nothing was kept.")))
  try {
    return await work(personAt(io, mayOpen, stopping.signal))
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error
    io.err(error.message)
    return INTERRUPTED
  } finally {
    unwatch()
  }
}

class GivenUp extends Error {}

function wishOf(flags: Flags, io: Io): Wish {
  if (flags.has("device-auth") && (flags.has("browser") || flags.has("no-browser")))
    throw new UsageError("--device-auth is another way than by a browser. Say one of them.")
  const cookies = flags.text("cookies")
  return {
    way: flags.has("device-auth") ? "device" : flags.has("browser") ? "browser" : undefined,
    clientId: flags.text("client-id"),
    enterprise: flags.text("enterprise"),
    profile: flags.text("profile"),
    cookies: cookies === undefined ? undefined : resolve(io.cwd, cookies),
  }
}

function personAt(io: Io, mayOpen: boolean, signal: AbortSignal): Person {
  return {
    say: (line) => io.err(line),
    open: async (url) => mayOpen && (await openPage(url, io, process.platform)),
    lines: () => io.inputLines(),
    isRemote: isRemote(io),
    signal,
    async sleep(ms, until) {
      try {
        await wait(ms, undefined, until === undefined ? {} : { signal: until })
      } catch (error) {
        until?.throwIfAborted()
        throw error
      }
    },
  }
}
