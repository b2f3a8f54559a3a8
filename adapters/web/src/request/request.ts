import { ToolFailure, type WebAnswer, type WebCaller, type WebRequest } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { addressOf } from "./address.ts"
import { received, unpacked } from "./body.ts"

/** A way out for the requests of one call: each host decided, looked up, checked, and connected to as checked. */
export interface Way {
  /** One request; no redirect is followed, no body unpacked. */
  ask(url: string, init: RequestInit): Promise<Response>
  close(): readonly NetworkAttempt[]
}

export interface RequestOptions {
  readonly open: (caller: WebCaller) => Promise<Way>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly userAgent: string
}

interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Asks, and follows where it is sent, each time as if asked for that. Throws ToolFailure. */
export async function requested(asked: WebRequest, caller: WebCaller, options: RequestOptions): Promise<WebAnswer> {
  const startedAt = options.now()
  const way = await options.open(caller)
  const late = AbortSignal.timeout(asked.timeoutMs)
  const signal = AbortSignal.any([late, caller.signal])
  let isClosed = false
  let url = addressOf(asked.url)
  try {
    const { redirects, response, last } = await followed(asked, way, signal, options, (next) => {
      url = next
    })
    const packed = await received(response, asked.bytesMax)
    const body = await unpacked(packed, response.headers.get("content-encoding") ?? "", asked.bytesMax)
    isClosed = true
    return {
      ...{ url: last.href, status: response.status, statusText: response.statusText },
      headers: headersOf(response),
      ...{ bytes: body.bytes, isCut: body.isCut || packed.isCut, redirects },
      ...{ durationMs: options.now() - startedAt, network: way.close() },
    }
  } catch (cause) {
    caller.signal.throwIfAborted()
    if (cause instanceof ToolFailure) throw cause
    if (late.aborted) throw new ToolFailure(`${url.host} did not answer within ${asked.timeoutMs / 1000} s.`, { cause })
    throw new ToolFailure(`Cannot get ${url.origin}: ${reasonOf(cause)}.`, { cause })
  } finally {
    if (!isClosed) way.close()
  }
}

interface Followed {
  readonly response: Response
  readonly last: URL
  readonly redirects: readonly string[]
}

async function followed(
  asked: WebRequest,
  way: Way,
  signal: AbortSignal,
  { userAgent }: RequestOptions,
  onHop: (url: URL) => void,
): Promise<Followed> {
  const redirects: string[] = []
  const { method = "GET", headers = {}, body } = asked
  let hop: Hop = { url: addressOf(asked.url), method, headers, body }
  for (;;) {
    onHop(hop.url)
    const own = { accept: ACCEPT, "accept-encoding": "gzip, deflate, br", "user-agent": userAgent }
    const response = await way.ask(hop.url.href, {
      method: hop.method,
      headers: { ...own, ...hop.headers },
      ...(hop.body === undefined ? {} : { body: hop.body }),
      signal,
    })
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null
    if (location === null || asked.redirectsMax === 0) return { response, last: hop.url, redirects }
    response.body?.cancel().catch(ignored)
    if (redirects.length >= asked.redirectsMax)
      throw new ToolFailure(`${hop.url.host} sends on and on: more than ${asked.redirectsMax} times.`)
    redirects.push(hop.url.href)
    hop = nextHop(hop, location, response.status)
  }
}

const ACCEPT = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,*/*;q=0.5"
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** By RFC 9110 §15.4: 303 asks with GET, 301 and 302 turn a POST into one, 307 and 308 ask the same again. */
function nextHop(hop: Hop, location: string, status: number): Hop {
  const url = addressOf(location, hop.url.href)
  if (hop.url.protocol === "https:" && url.protocol === "http:")
    throw new ToolFailure(`${hop.url.host} sends on to ${url.origin}, which is not encrypted. Ask for that yourself.`)
  const isSame = url.origin === hop.url.origin
  const turnsToGet =
    status === 303 ? hop.method !== "HEAD" : (status === 301 || status === 302) && hop.method === "POST"
  const kept = Object.entries(hop.headers).filter(([name]) => {
    const lower = name.toLowerCase()
    if (turnsToGet && lower.startsWith("content-")) return false
    // What was meant for one server is not told to another.
    return isSame || OF_ANYBODY.has(lower)
  })
  return {
    url,
    method: turnsToGet ? "GET" : hop.method,
    headers: Object.fromEntries(kept),
    body: turnsToGet || !isSame ? undefined : hop.body,
  }
}

const OF_ANYBODY: ReadonlySet<string> = new Set(["accept", "accept-language", "user-agent"])

const HEADERS_MAX = 100
const HEADER_CHARS_MAX = 2_000

function headersOf(response: Response): Readonly<Record<string, string>> {
  const pairs = [...response.headers].slice(0, HEADERS_MAX)
  return Object.fromEntries(pairs.map(([name, value]) => [name, value.slice(0, HEADER_CHARS_MAX)]))
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown }
  const said = typeof message === "string" ? message.replace(/\s*(\.|For more information.*)$/s, "") : String(cause)
  return typeof code === "string" && !said.includes(code) ? `${said} (${code})` : said
}

function ignored(): void {}
