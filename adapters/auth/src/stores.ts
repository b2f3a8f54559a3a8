import { authFile } from "./auth-file.ts"
import { keyring } from "./keyring/keyring.ts"
import type { SecretStore } from "./store.ts"
import { type Fetch, vault } from "./vault/vault.ts"

export interface StoresOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: string
  /** For the plain file. */
  readonly dataDir: string
  /** For Vault. */
  readonly fetch: Fetch
}

/** The stores that there are, in the order in which they are asked. Nothing is opened before it is asked for a key. */
export function stores({ env, home, platform, dataDir, fetch }: StoresOptions): readonly SecretStore[] {
  return [
    keyring({ env, platform }),
    ...((env.VAULT_ADDR ?? "").trim() === "" ? [] : [vault({ env, home, fetch })]),
    authFile({ folder: dataDir }),
  ]
}
