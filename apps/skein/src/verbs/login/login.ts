import type { Host } from "@skein/host"
import { withHost } from "../../session/host.ts"
import { Blocked, UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { givenKey } from "./key.ts"
import { chosenStore } from "./place.ts"
import { status } from "./status.ts"

const CHECK_TIMEOUT_MS = 20_000

/** `skein login [provider]`: keeps a key where programs cannot just read it. `login status` says where keys are. */
export const run: Run = (call) => {
  const { flags, io, words } = call
  if (flags.has("browser") || flags.has("device-auth")) {
    throw new Blocked(
      "Logging in with an account (--browser, --device-auth) is not available in this version. Log in with an API key: skein login <provider>",
    )
  }
  if (words[0] === "status") return withHost(call, ({ host }) => status(host, call))
  if (words.length > 1) {
    throw new UsageError(
      "A key is never given on the command line: other users can see it there. skein login asks for it, or reads it from stdin.",
    )
  }
  return withHost(call, async ({ host }) => {
    const owner = ownerOf(host, words[0])
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

/** Whose key it is: the one that was named, else that of the configured model. Throws UsageError. */
export function ownerOf(host: Host, named: string | undefined) {
  const { model } = host.config.values
  const name = named ?? (model === undefined ? undefined : host.models.resolve(model).split("/")[0])
  const known = host.models.owners().map(({ id }) => id)
  if (name === undefined) throw new UsageError(`Whose key? Name a provider: ${known.join(", ")}.`)
  const owner = host.models.ownerOf(name)
  if (owner !== undefined && owner.keyEnv.length > 0) return owner
  throw new UsageError(`No provider that takes a key is called ${JSON.stringify(name)}. There are ${known.join(", ")}.`)
}
