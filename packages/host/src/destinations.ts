import type { Config } from "@skein/config"
import type { Rule } from "@skein/protocol"

/** A place that something of this machine's could be sent to, and on whose word. */
export interface Destination {
  readonly purpose: "model" | "login" | "secrets" | "command" | "proxy"
  /** `https://api.example.com`, a host, or in words what is meant. */
  readonly to: string
  /** Why it is possible. */
  readonly why: string
}

export interface LoginServers {
  readonly name: string
  readonly servers: readonly string[]
}

interface DestinationsOptions {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  readonly models: readonly {
    readonly provider: string
    readonly name: string
    readonly origin: string
    readonly proxy?: string | undefined
  }[]
  /** Where a provider's key was found. */
  readonly keySources: ReadonlyMap<string, string>
  /** Accounts that are logged in to, and the addresses that renew them. */
  readonly logins?: readonly LoginServers[]
  /** All of the folder, wherever they stand. */
  readonly rules: readonly Rule[]
  readonly consent?: "no-sandbox" | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Every place that skein, or a command that it runs, could send anything to as things are set now. What is not in it is
 * not reached: skein reports nothing, updates nothing and looks nothing up by itself.
 */
export function destinationsOf(options: DestinationsOptions): readonly Destination[] {
  const { config, env, models, keySources } = options
  return [
    ...models.map(({ provider, name, origin }): Destination => {
      const source = keySources.get(provider)
      return {
        purpose: "model",
        to: origin,
        why: source === undefined ? `${name}, which needs no key` : `${name}, ${source}`,
      }
    }),
    ...(options.logins ?? []).flatMap(({ name, servers }) =>
      servers.map(
        (server): Destination => ({ purpose: "login", to: originOf(server), why: `renews the login of ${name}` }),
      ),
    ),
    ...vault(env),
    ...commands(options),
    ...proxies(config, env, models),
  ]
}

function vault(env: DestinationsOptions["env"]): readonly Destination[] {
  const address = env.VAULT_ADDR?.trim() ?? ""
  if (address === "") return []
  return [{ purpose: "secrets", to: originOf(address), why: "Vault, environment variable VAULT_ADDR" }]
}

function commands({ config: { values }, rules, consent, now }: DestinationsOptions): readonly Destination[] {
  const { access, allow } = values.toolsNetwork
  if (consent === "no-sandbox" || values.sandbox === "full-access") {
    const why = consent === "no-sandbox" ? "--no-sandbox" : "the sandbox full-access"
    return [{ purpose: "command", to: "anything", why: `${why} holds no network from commands` }]
  }
  if (access === "off") return []
  const listed = allow.map((to): Destination => ({ purpose: "command", to, why: "the list of tools_network.allow" }))
  const ruled = rules.flatMap(({ host, decision, source, expiresAt = now + 1 }): Destination[] =>
    host === undefined || decision !== "allow" || expiresAt <= now
      ? []
      : [{ purpose: "command", to: host, why: `a rule${source === undefined ? "" : ` of ${source}`}` }],
  )
  return [...listed, ...ruled, othersOf(values)]
}

function othersOf({ mode, toolsNetwork: { access } }: Config["values"]): Destination {
  const all = { purpose: "command", to: "every public host" } as const
  if (access === "on") return { ...all, why: 'tools_network.access is "on"' }
  if (mode === "full") return { ...all, why: "mode full asks nothing" }
  return { purpose: "command", to: "any other host that you allow", why: 'tools_network.access is "ask"' }
}

/** Each of them sees where requests go. */
function proxies(
  { values }: Config,
  env: DestinationsOptions["env"],
  models: DestinationsOptions["models"],
): readonly Destination[] {
  const named = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"].flatMap((name) => {
    const address = env[name]?.trim() ?? ""
    return address === "" ? [] : [{ address, why: `environment variable ${name}` }]
  })
  const set = values.network.proxy
  const own = models.flatMap(({ name, proxy }) =>
    proxy === undefined ? [] : [{ address: proxy, why: `the proxy of ${name}` }],
  )
  const all = [...(set === undefined ? [] : [{ address: set, why: "network.proxy" }]), ...own, ...named]
  return all.map(({ address, why }) => ({ purpose: "proxy", to: originOf(address), why }))
}

/** Without the name and password that a URL may hold. */
function originOf(address: string): string {
  const text = address.includes("://") ? address : `http://${address}`
  return URL.canParse(text) ? new URL(text).origin : "(no address)"
}
