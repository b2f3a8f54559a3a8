import type { NetworkTarget } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { addressOf, kindOf } from "./address.ts"

/** A proxy that this machine's requests have to take. */
export interface Upstream {
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
  /** The value of `Proxy-Authorization`, when its URL has a name and password. */
  readonly authorization: string | undefined
}

export interface UpstreamOptions {
  /** The person's own setting; before the environment. */
  readonly proxy?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * The proxy for a target as the person's settings and environment say (`HTTPS_PROXY` for tunnels, `HTTP_PROXY` for plain
 * requests, `NO_PROXY`), undefined for none. This machine and private addresses are never asked for through one. Throws
 * SkeinError `config.invalid` for a proxy that is no http:// or https:// address.
 */
export function upstreamFor(
  target: NetworkTarget,
  isTunnel: boolean,
  { proxy, env }: UpstreamOptions,
): Upstream | undefined {
  const named = isTunnel ? (env.https_proxy ?? env.HTTPS_PROXY) : (env.http_proxy ?? env.HTTP_PROXY)
  const text = proxy ?? named ?? ""
  if (text.trim() === "" || isNear(target.host) || isExcepted(target, env.no_proxy ?? env.NO_PROXY ?? ""))
    return undefined
  return parsed(text.trim())
}

function isNear(host: string): boolean {
  const address = addressOf(host)
  return host === "localhost" || host.endsWith(".localhost") || (address !== undefined && kindOf(address) !== "public")
}

/** `example.com` and `.example.com` are that host and all below it; with a port, only there; `*` is everything. */
function isExcepted({ host, port }: NetworkTarget, list: string): boolean {
  return list.split(",").some((entry) => {
    const [, name = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? []
    if (name === "" || (only !== undefined && Number(only) !== port)) return false
    const bare = name.replace(/^\*?\./, "")
    return name === "*" || host === bare || host.endsWith(`.${bare}`)
  })
}

function parsed(text: string): Upstream {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new SkeinError(
      "config.invalid",
      "Cannot use the proxy of HTTPS_PROXY, HTTP_PROXY or network.proxy: it is no http:// or https:// address.",
    )
  const isSecure = url.protocol === "https:"
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    isSecure,
    authorization: user === ":" ? undefined : `Basic ${Buffer.from(user).toString("base64")}`,
  }
}
