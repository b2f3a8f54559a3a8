import { SkeinError } from "@skein/protocol"

/** The way out: what leaves through it is recorded. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Asking {
  readonly url: string
  readonly through: Fetch
  readonly signal: AbortSignal
}

const REDIRECTS_MAX = 5

/**
 * The answer for a file, of which `had` bytes are here already. Whoever has the file may send on to another name, by https:
 * not to an address in numbers nor to a name that only this network knows, where what answers was not meant for strangers.
 * This machine may send on to itself. Throws SkeinError `provider.unavailable`.
 */
export async function answered({ url, through, signal }: Asking, had: number): Promise<Response> {
  let address = new URL(url)
  for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
    // Packed on its way, a file has another length than the one that is said.
    const headers = { "accept-encoding": "identity", ...(had > 0 ? { range: `bytes=${had}-` } : {}) }
    const asked = through(address.href, { headers, redirect: "manual", signal })
    const response = await asked.catch((cause: unknown) => {
      signal.throwIfAborted()
      throw unavailable(`${address.host} could not be reached (${wordsOf(cause)}). Is there a network?`, cause)
    })
    const next = response.headers.get("location")
    if (response.status < 300 || response.status >= 400 || next === null) return checked(response, address)
    await response.body?.cancel()
    address = followed(address, next)
  }
  throw unavailable(`${new URL(url).host} redirects without end.`)
}

function followed(from: URL, next: string): URL {
  const target = URL.canParse(next, from.href) ? new URL(next, from) : undefined
  if (target === undefined || target.username !== "") throw unavailable(`${from.host} leads to what is no address.`)
  if (isOwn(from) && isOwn(target)) return target
  if (target.protocol !== "https:") throw unavailable(`${from.host} leads to ${target.origin}, which is not https.`)
  if (target.host === from.host || isPublicName(target.hostname)) return target
  throw unavailable(`${from.host} leads to ${target.origin}, which is an address of a private network.`)
}

/** Whether it is this machine, by plain http or not. */
export function isOwn({ hostname }: URL): boolean {
  return hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]"
}

/** RFC 6761, RFC 6762, RFC 8375, and what clouds and clusters use for themselves. */
const PRIVATE_NAMES = /(?:^|\.)(?:localhost|local|internal|home\.arpa|lan|corp|intranet|onion)$/

/** A URL has each spelling of an IPv4 address as four numbers, so that its end tells. */
function isPublicName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "")
  return /\.[a-z][a-z0-9-]*$/.test(name) && !PRIVATE_NAMES.test(name)
}

function checked(response: Response, { host }: URL): Response {
  if (response.ok || response.status === 416) return response
  const why = response.status === 404 ? "Is the name right?" : "Try again, or get the file by hand and add it."
  throw unavailable(`${host} answered HTTP ${response.status}. ${why}`)
}

function unavailable(text: string, cause?: unknown): SkeinError {
  return new SkeinError("provider.unavailable", text, cause === undefined ? {} : { cause })
}

function wordsOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 200)
}
