import { SkeinError } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import type { Run } from "../../verb.ts"
import { hasAccounts } from "./account.ts"
import { ownerOf } from "./login.ts"
import { allowedStores } from "./place.ts"

/**
 * `skein logout [provider | --all]`: takes keys and logins out of every place they were kept in, and ends a login at its
 * provider where that can be done. Exit 1 when a place could not be asked.
 */
export const run: Run = (call) =>
  withHost(call, async ({ host }) => {
    const { flags, io, words } = call
    const owners = flags.has("all") ? host.models.owners() : [ownerOf(host, words[0])]
    let removed = 0
    let troubles = 0
    for (const store of await allowedStores(host)) {
      const state = await store.state()
      if (state.kind === "off") continue
      if (state.kind !== "ready") {
        troubles += 1
        io.err(`note    Not asked (${store.name}): ${state.reason}.`)
        continue
      }
      for (const owner of owners) {
        try {
          if (!(await store.delete(owner.id))) continue
          removed += 1
          io.out(`Removed the key of ${owner.name} from: ${store.name}`)
        } catch (error) {
          if (!(error instanceof SkeinError)) throw error
          troubles += 1
          io.err(`note    ${error.message}`)
        }
      }
    }
    for (const owner of owners.filter(hasAccounts)) {
      const { removed: places, notes } = await host.logins.logout(owner)
      removed += places.length
      if (places.length > 0) io.out(`Logged out of ${owner.name}: removed from ${places.join(", ")}`)
      for (const note of notes) io.err(`note    ${note}`)
    }
    for (const owner of owners) {
      const variable = owner.keyEnv.find((name) => (io.env[name] ?? "").trim() !== "")
      if (variable !== undefined) io.err(`note    ${variable} is set in the environment, and stays.`)
    }
    if (removed === 0) io.err("note    Nothing was kept.")
    return troubles > 0 && removed === 0 ? 1 : 0
  })
