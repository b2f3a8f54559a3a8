import { lazy } from "@skein/protocol"
import { couldHold } from "./could-hold.ts"
import { type SecretFiles, secretFiles } from "./files/find.ts"
import { type FoundKey, type KeyOwner, type KeysOptions, keys } from "./keys.ts"
import type { Issued } from "./logins/login.ts"
import type { PersonalLogins } from "./logins/logins.ts"
import { loginsOnDemand } from "./logins/on-demand.ts"
import type { ServerLogins } from "./logins/server-logins.ts"
import { redactor } from "./redact/redactor.ts"
import type { SecretSource, SecretStore } from "./store.ts"
import type { Fetch } from "./vault/vault.ts"

export interface SecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: string
  /** Where the plain file of keys is. */
  readonly dataDir: string
  /** For Vault: the host's way out. */
  readonly fetch: Fetch
  /** For logins: the same, through the person's proxy and with their certificates. */
  readonly loginFetch: Fetch
  /** Looked at with the first key. Throws as `Keys.find` does. */
  readonly keyFile: () => KeysOptions["keyFile"]
  /** The only places that may be asked for keys. */
  readonly allow?: readonly SecretSource[] | undefined
  /** Files of secrets that the person said may be seen. */
  readonly show: readonly string[]
  /** Secrets that stand in settings, with their names. */
  readonly known: () => readonly (readonly [name: string, value: string])[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A key lies where it should not; once for each place. */
  readonly onWarning: (sentence: string) => void
  /** A file of secrets is seen because the person said so; each time a file tool opens it, once for commands. */
  readonly onShown: (path: string) => void
  /** A folder is too large to be looked through whole for files of secrets. */
  readonly onCut: (root: string) => void
}

/** All that is known to be secret, and where it is. Reads nothing before it is asked. */
export interface Secrets {
  /** The key that is at hand: in the key file or the environment, or found before. Throws as `Keys.find` does. */
  key(owner: KeyOwner): string | undefined
  /** Looks in the stores too. Undefined when no store could have any, so that nobody waits. */
  readonly seek: ((owner: KeyOwner) => Promise<string | undefined>) | undefined
  /** A key was kept or taken away: the stores are asked anew, and it holds from now on. */
  renew(owner: KeyOwner): Promise<void>
  readonly logins: PersonalLogins
  /** For servers that are no providers. Loaded when it is first asked for. */
  readonly serverLogins: () => Promise<ServerLogins>
  /** What is not to be shown from now on, and what it is called. */
  know(name: string, value: string): void
  /** Why stores could not be asked, one sentence each. */
  troubles(): readonly string[]
  /** Where each provider's key or login was found; never the secret. */
  readonly sources: ReadonlyMap<string, string>
  stores(): Promise<readonly SecretStore[]>
  redact(text: string): string
  readonly files: SecretFiles
  /** Where keys could be got at besides: the bus of the keyring, the token of Vault. No command may see them. Absolute. */
  readonly hidden: readonly string[]
}

export function secrets(options: SecretsOptions): Secrets {
  const { env, allow, onWarning } = options
  const sources = new Map<string, string>()
  /** Keys that were used before anything had to be redacted: most runs begin without. */
  const usedKeys = new Map<string, string>()
  const known = lazy(() => {
    const own = redactor(env)
    for (const [name, value] of [...options.known(), ...usedKeys]) own.know(name, value)
    know = own.know
    return own
  })
  let know = (name: string, value: string): void => void usedKeys.set(name, value)
  const stores = lazy(async () => (await import("./stores.ts")).stores(options))
  const places = lazy(() => keys({ env, keyFile: options.keyFile(), stores, allow }))
  const files = lazy(() => secretFiles({ ...options, redactor: known() }))

  function used({ id, keyEnv }: KeyOwner, key: FoundKey | undefined): string | undefined {
    if (key === undefined) return undefined
    if (key.warning !== undefined && sources.get(id) !== key.source) onWarning(key.warning)
    sources.set(id, key.source)
    know(keyEnv[0] ?? id, key.value)
    return key.value
  }

  function issued(id: string, { secrets, source, account, warning }: Issued): void {
    for (const secret of secrets) know(`login of ${id}`, secret)
    if (warning !== undefined && !told.has(warning)) onWarning(warning)
    if (warning !== undefined) told.add(warning)
    sources.set(id, account === undefined ? `login, ${source}` : `login of ${account}, ${source}`)
  }

  const isAllowed = (source: SecretSource) => allow === undefined || allow.includes(source)
  const allowed = async () => (await stores()).filter(({ name }) => isAllowed(name))
  const logins = loginsOnDemand({
    couldHold: () => couldHold(options),
    async load() {
      const { logins } = await import("./logins/logins.ts")
      return logins({ ...options, fetch: options.loginFetch, stores: allowed, isAllowed, onIssued: issued })
    },
  })

  const told = new Set<string>()
  /** A key that came from a later place than the person may think is not used in silence. */
  async function sought(owner: KeyOwner): Promise<string | undefined> {
    const key = await places().seek(owner)
    if (key === undefined) return undefined
    for (const trouble of places().troubles()) {
      if (!told.has(trouble)) onWarning(trouble)
      told.add(trouble)
    }
    return used(owner, key)
  }

  return {
    key: (owner) => used(owner, places().find(owner)),
    seek: couldHold(options) ? sought : undefined,
    async renew(owner) {
      places().forget(owner)
      sources.delete(owner.id)
      await sought(owner)
    },
    logins,
    serverLogins: lazy(async () => {
      const { serverLogins } = await import("./logins/server-logins.ts")
      return serverLogins({ stores: allowed, dataDir: options.dataDir, couldHold: () => couldHold(options) })
    }),
    know: (name, value) => know(name, value),
    troubles: () => places().troubles(),
    sources,
    stores,
    redact: (text) => known().redact(text),
    hidden: waysIn(env),
    files: {
      below: (roots, freshMs) => files().below(roots, freshMs),
      reasonFor: (path) => files().reasonFor(path),
    },
  }
}

/** A socket takes whoever sees it, also where nothing may be written. */
function waysIn({
  XDG_RUNTIME_DIR,
  DBUS_SESSION_BUS_ADDRESS,
  VAULT_TOKEN_FILE,
}: SecretsOptions["env"]): readonly string[] {
  const [, bus = ""] = /^unix:(?:.*,)?path=([^,;]+)/.exec(DBUS_SESSION_BUS_ADDRESS ?? "") ?? []
  const ofSession = XDG_RUNTIME_DIR === undefined ? [] : [`${XDG_RUNTIME_DIR}/bus`, `${XDG_RUNTIME_DIR}/keyring`]
  return [...ofSession, bus, VAULT_TOKEN_FILE ?? ""].filter((path) => path.startsWith("/"))
}
