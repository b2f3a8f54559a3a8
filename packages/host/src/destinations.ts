import type { Config } from "@skein/config"

/** A place that something of this machine's could be sent to, and on whose word. */
export interface Destination {
  readonly purpose: "model" | "secrets" | "command" | "proxy"
  /** `https://api.example.com`, a host, or in words what is meant. */
  readonly to: string
  /** Why it is possible. */
  readonly why: string
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
}

/**
 * Every place that skein, or a command that it runs, could send anything to as things are set now. What is not in it is
 * not reached: skein reports nothing, updates nothing and looks nothing up by itself.
 */
export function destinationsOf({ config, env, models, keySources }: DestinationsOptions): readonly Destination[] {
  return [
    ...models.map(({ provider, name, origin }): Destination => {
      const source = keySources.get(provider)
      return {
        purpose: "model",
        to: origin,
        why: source === undefined ? `${name}, which needs no key` : `${name}, ${source}`,
      }
    }),
    ...vault(env),
    ...commands(config),
    ...proxies(config, env, models),
  ]
}

function vault(env: DestinationsOptions["env"]): readonly Destination[] {
  const address = env.VAULT_ADDR?.trim() ?? ""
  if (address === "") return []
  return [{ purpose: "secrets", to: originOf(address), why: "Vault, environment variable VAULT_ADDR" }]
}

function commands({ values }: Config): readonly Destination[] {
  const { access, allow } = values.toolsNetwork
  if (access === "off") return []
  const listed = allow.map((to): Destination => ({ purpose: "command", to, why: "the list of tools_network.allow" }))
  const ruled = values.rules.flatMap(({ host, decision, source }): Destination[] =>
    host === undefined || decision !== "allow"
      ? []
      : [{ purpose: "command", to: host, why: `a rule${source === undefined ? "" : ` of ${source}`}` }],
  )
  const others: Destination =
    access === "on"
      ? { purpose: "command", to: "every public host", why: 'tools_network.access is "on"' }
      : { purpose: "command", to: "any other host that you allow", why: 'tools_network.access is "ask"' }
  return [...listed, ...ruled, others]
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
