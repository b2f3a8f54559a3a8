import type { Host } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import type { Io } from "../../io.ts"
import { confirmed } from "../../session/confirm.ts"
import { UsageError } from "../../usage.ts"

type Store = Awaited<ReturnType<Host["stores"]>>[number]

/** The stores that the settings allow. */
export async function allowedStores(host: Host): Promise<readonly Store[]> {
  const { allow } = host.config.values.secrets
  return (await host.stores()).filter(({ name }) => allow === undefined || allow.includes(name))
}

/**
 * Where a key is to be kept: where the person said, else the first place that is open and not a plain file. That is taken
 * only when it was named, or agreed to here. Throws SkeinError `secret.unavailable`, saying what could not be used.
 */
export async function chosenStore(host: Host, named: string | undefined, io: Io): Promise<Store> {
  const stores = await allowedStores(host)
  if (named !== undefined) {
    const store = stores.find(({ name }) => name === named)
    if (store !== undefined) return store
    if (named === "vault" && (host.config.values.secrets.allow ?? ["vault"]).includes("vault"))
      throw new UsageError("There is no Vault to ask: set VAULT_ADDR, and VAULT_TOKEN or vault login.")
    throw new UsageError(`secrets.allow in your config.toml does not allow ${named}.`)
  }
  const reasons: string[] = []
  for (const store of stores) {
    if (store.name === "file") continue
    const state = await store.state()
    if (state.kind === "ready") return store
    reasons.push(`${state.reason.charAt(0).toUpperCase()}${state.reason.slice(1)}.`)
  }
  return await plainFile(stores, reasons, io)
}

/** A key is never kept unencrypted without somebody having said so. */
async function plainFile(stores: readonly Store[], reasons: readonly string[], io: Io): Promise<Store> {
  const file = stores.find(({ name }) => name === "file")
  const why = reasons.join(" ")
  if (file === undefined) throw new SkeinError("secret.unavailable", `Nothing was kept. ${why}`)
  if (!io.isInputTerminal || !io.isOutputTerminal) {
    throw new SkeinError(
      "secret.unavailable",
      `Nothing was kept: there is no place for it that is closed. ${why} To keep it in a plain file that only you can read, say --source file.`,
    )
  }
  io.err(`note    ${why}`)
  if (await confirmed(io, "Keep it in a plain file that only you can read, unencrypted?")) return file
  throw new SkeinError("secret.unavailable", "Nothing was kept.")
}
