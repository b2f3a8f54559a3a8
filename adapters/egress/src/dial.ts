import type { Address } from "./address.ts"
import { handlers, type Peer, type PeerEvents, peerOn } from "./peer.ts"
import { Refusal } from "./refusal.ts"

export interface DialBounds {
  /** For one address. */
  readonly connectTimeoutMs: number
  /** After which the next address is tried beside the first. */
  readonly nextAfterMs: number
}

/** TLS to a proxy on the way, and the certificates that it is held to besides the usual ones. */
export interface DialTls {
  readonly host: string
  readonly ca?: readonly string[] | undefined
}

/**
 * Connects to one of these addresses: the first that answers, each next one tried when those before are slow. Throws
 * Refusal with status 502 when none does.
 */
export async function dial(
  addresses: readonly Pick<Address, "text">[],
  port: number,
  bounds: DialBounds,
  tls?: DialTls,
): Promise<Peer> {
  const attempts: Promise<Peer>[] = []
  const errors: unknown[] = []
  for (const { text } of addresses) {
    const attempt = reach(text, port, bounds.connectTimeoutMs, tls)
    attempts.push(attempt)
    const soon = await Promise.race([
      attempt.catch((error: unknown) => void errors.push(error)),
      after(bounds.nextAfterMs),
    ])
    if (soon !== undefined) break
  }
  try {
    const first = await Promise.any(attempts)
    for (const attempt of attempts) attempt.then((peer) => void (peer === first || peer.destroy()), ignored)
    return first
  } catch (cause) {
    throw new Refusal(
      502,
      `Cannot connect to ${addresses[0]?.text ?? "it"} on port ${port}: ${reasonOf(errors[0] ?? cause)}.`,
    )
  }
}

async function reach(hostname: string, port: number, timeoutMs: number, tls: DialTls | undefined): Promise<Peer> {
  const opened = Promise.withResolvers<Peer>()
  let peer: Peer | undefined
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    opened.reject(Object.assign(new Error("Late"), { code: "ETIMEDOUT" }))
  }, timeoutMs)
  const taken = () => {
    if (peer === undefined) return
    if (isLate) peer.destroy()
    else opened.resolve(peer)
  }
  const socket = {
    ...handlers((socket) => {
      peer = peerOn(socket)
      if (tls === undefined) taken()
    }),
    handshake(_: unknown, isSound: boolean, error: Error | null) {
      if (isSound) taken()
      else {
        peer?.destroy()
        opened.reject(error ?? new Error("The certificate does not hold"))
      }
    },
    connectError: (_: unknown, error: Error) => opened.reject(error),
  }
  const secured = tls && { tls: { serverName: tls.host, rejectUnauthorized: true, ...(tls.ca && { ca: [...tls.ca] }) } }
  Bun.connect<PeerEvents>({ hostname, port, allowHalfOpen: true, socket, ...secured }).catch(opened.reject)
  try {
    return await opened.promise
  } finally {
    clearTimeout(timer)
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown }
  return typeof code === "string" && code !== "" ? code : String(message ?? "it did not answer")
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined))
}

/** What came too late, or failed beside one that did not, changes nothing. */
function ignored(): void {}
