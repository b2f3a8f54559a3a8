import { existsSync } from "node:fs"
import { join } from "node:path"
import type { SecretSource } from "./store.ts"

export interface CouldHoldOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly dataDir: string
  readonly allow?: readonly SecretSource[] | undefined
}

/** Whether any store could have a key, by what is there: so that nobody waits for places that are not. Costs two looks. */
export function couldHold({ env, platform, dataDir, allow }: CouldHoldOptions): boolean {
  const isAllowed = (source: SecretSource) => allow === undefined || allow.includes(source)
  const hasBus = (env.DBUS_SESSION_BUS_ADDRESS ?? "") !== "" || existsSync(join(env.XDG_RUNTIME_DIR ?? "/", "bus"))
  return (
    (isAllowed("keyring") && (platform === "darwin" || hasBus)) ||
    (isAllowed("vault") && (env.VAULT_ADDR ?? "").trim() !== "") ||
    (isAllowed("file") && existsSync(join(dataDir, "auth.json")))
  )
}
