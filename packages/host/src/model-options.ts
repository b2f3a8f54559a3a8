import { join } from "node:path"
import type { Config } from "@skein/config"
import type { HostRequest } from "./request.ts"
import { formatterOf } from "./tool-router.ts"

/**
 * What a configuration says about models and the way to them, in the words of whoever asks them; `through` reaches the
 * network, and what is learned of models is kept in `folder`, when there is one.
 */
export function modelOptions<F>(config: Config, through: F, folder?: string) {
  const { providers, models, network, toolRouter } = config.values
  const router = formatterOf(toolRouter)
  return {
    ...(router === undefined ? {} : { formatter: router.formatter }),
    providers: [...providers, ...(router?.providers ?? [])].map(
      ({ headers, hasReasoningSummary, storesReplies, ...row }) => {
        const dialect = {
          ...(headers === undefined ? {} : { headers }),
          ...(hasReasoningSummary === false ? { lacksReasoningSummary: true } : {}),
          ...(storesReplies === undefined ? {} : { storesReplies }),
        }
        return { ...row, dialect }
      },
    ),
    overrides: Object.fromEntries(Object.entries(models).map(([id, facts]) => [id, priced(facts)])),
    network: { proxy: network.proxy, caFile: network.caFile, through },
    timeouts: timeoutsOf(config),
    cacheTtl: config.values.cache.isLong ? ("1h" as const) : undefined,
    quirksFile: folder === undefined ? undefined : join(folder, "quirks.json"),
  }
}

/** What is secret in a configuration: headers that a person sends along, and the passwords of proxies. */
export function secretsIn({
  values: { network, providers },
}: Config): readonly (readonly [name: string, value: string])[] {
  const proxies = [network.proxy, ...providers.map(({ proxy }) => proxy)]
  return [
    ...providers.flatMap(({ headers = {} }) => Object.entries(headers)),
    ...proxies.flatMap((proxy) => (proxy === undefined ? [] : [["proxy", new URL(proxy).password] as const])),
  ]
}

/** What commands start from: a person may have called a key's variable what sounds like none. */
export function withoutKeys(
  env: HostRequest["env"],
  owners: readonly { readonly keyEnv: readonly string[] }[],
): HostRequest["env"] {
  const names = new Set(owners.flatMap(({ keyEnv }) => keyEnv))
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)))
}

/** A price that is only half said is no price: the catalogue's holds, or none, rather than a wrong one. */
function priced({ price, ...facts }: Config["values"]["models"][string]) {
  const { input, output } = price ?? {}
  return input === undefined || output === undefined ? facts : { ...facts, price: { ...price, input, output } }
}

/** What a person set holds for every provider; the defaults yield to a provider that is known to be slower. */
function timeoutsOf(config: Config) {
  const { network } = config.values
  const isSet = (key: string) => config.origin(key)?.layer !== "defaults"
  return {
    headersTimeoutMs: isSet("network.timeout_ms") ? network.timeoutMs : undefined,
    idleTimeoutMs: isSet("network.idle_timeout_ms") ? network.idleTimeoutMs : undefined,
  }
}
