import type { NetworkTarget } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { addressOf } from "./address.ts"
import { type DialBounds, dial } from "./dial.ts"
import { headOf, headText } from "./head.ts"
import { type HeadBounds, readHead } from "./head-bytes.ts"
import type { Peer } from "./peer.ts"
import { Refusal } from "./refusal.ts"
import { addressesOf, type Resolve } from "./resolve.ts"
import { authorityOf } from "./target.ts"
import { type Upstream, type UpstreamOptions, upstreamFor } from "./upstream.ts"

export interface RouteOptions {
  readonly resolve: Resolve
  readonly upstream: UpstreamOptions
  /** More certificates for a proxy that is spoken to in TLS; PEM. */
  readonly ca?: (() => Promise<readonly string[]>) | undefined
  readonly bounds: DialBounds & HeadBounds
}

export interface Route {
  readonly peer: Peer
  /** A proxy on the way that takes plain requests as they are; absent when the server itself was reached. */
  readonly asks?: Upstream | undefined
}

/**
 * Connects to an allowed target: to exactly an address that was looked up and checked here; or through the person's own
 * proxy, which looks names up itself. Throws Refusal.
 */
export async function routeTo(
  target: NetworkTarget,
  isTunnel: boolean,
  isPrivateAllowed: boolean,
  options: RouteOptions,
): Promise<Route> {
  const { resolve, bounds } = options
  const upstream = chosen(target, isTunnel, options.upstream)
  if (upstream === undefined) {
    return { peer: await dial(await addressesOf(target, isPrivateAllowed, resolve), target.port, bounds) }
  }
  await checkedIfKnown(target, isPrivateAllowed, resolve)
  const peer = await dialUpstream(upstream, options)
  if (!isTunnel) return { peer, asks: upstream }
  await openTunnel(peer, target, upstream, bounds)
  return { peer }
}

function chosen(...given: Parameters<typeof upstreamFor>): Upstream | undefined {
  try {
    return upstreamFor(...given)
  } catch (error) {
    throw error instanceof SkeinError ? new Refusal(502, error.message) : error
  }
}

/** Behind a proxy names often cannot be looked up. Where they can, what they lead to counts. */
async function checkedIfKnown(target: NetworkTarget, isPrivateAllowed: boolean, resolve: Resolve): Promise<void> {
  try {
    await Promise.race([addressesOf(target, isPrivateAllowed, resolve), Bun.sleep(KNOWN_MS)])
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 502) throw error
  }
}

const KNOWN_MS = 2_000

async function dialUpstream(upstream: Upstream, { resolve, ca, bounds }: RouteOptions): Promise<Peer> {
  const { host, port, isSecure } = upstream
  const literal = addressOf(host)
  try {
    // The person chose it, wherever it is.
    const addresses = literal === undefined ? (await resolve(host)).map((text) => ({ text })) : [literal]
    return await dial(addresses, port, bounds, isSecure ? { host, ca: await ca?.() } : undefined)
  } catch (cause) {
    throw new Refusal(
      502,
      `Cannot reach this machine's proxy: ${cause instanceof Error ? cause.message : String(cause)}`,
    )
  }
}

async function openTunnel(peer: Peer, target: NetworkTarget, upstream: Upstream, bounds: HeadBounds): Promise<void> {
  const authority = target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`
  const { authorization } = upstream
  const asked = headText(`CONNECT ${authority} HTTP/1.1`, [
    ["host", authority],
    ...(authorization === undefined ? [] : [["proxy-authorization", authorization] as const]),
  ])
  try {
    await peer.write(asked)
    const text = await readHead(peer, bounds)
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(headOf(text ?? "").first)?.[1]
    if (status === "200") return
    throw new Refusal(
      502,
      `This machine's proxy does not connect to ${authorityOf(target, 443)}: it answered ${status ?? "nothing"}.`,
    )
  } catch (error) {
    peer.destroy()
    throw error instanceof Refusal ? new Refusal(502, error.message) : error
  }
}
