import type { Host } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { allowedStores } from "../verbs/login/place.ts"

/**
 * Where a secret is kept when nobody can be asked: the first place that is open and not a plain file. That only where the
 * person's settings name it. Throws SkeinError `secret.unavailable`.
 */
export async function closedStore(host: Host) {
  const stores = await allowedStores(host)
  for (const store of stores) if (store.name !== "file" && (await store.state()).kind === "ready") return store
  const file = stores.find(({ name }) => name === "file")
  if (file !== undefined && host.config.values.secrets.allow?.includes("file") === true) return file
  throw new SkeinError(
    "secret.unavailable",
    'Nothing was kept: there is no place for it that is closed. To have it in a plain file that only you can read, set secrets.allow = ["file"] in skein\'s settings.',
  )
}
