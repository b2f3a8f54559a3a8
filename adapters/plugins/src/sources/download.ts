import { SkeinError } from "@skein/protocol"
import { BOUNDS, refused, sha256 } from "../files.ts"
import { addressOf, isLoopback } from "./source.ts"

/** The one way out that this package is given. */
export type Reach = (url: string, init?: RequestInit) => Promise<Response>

const HOPS_MAX = 5
const TIMEOUT_MS = 120_000

/**
 * All bytes behind an address. Every hop on the way is held to what addresses may be; what is too large ends at the bound.
 * Rejects with SkeinError: `op.invalid` for what was got, `provider.unavailable` where nobody answered.
 */
export async function downloaded(
  reach: Reach,
  url: string,
  options: { readonly bytesMax?: number; readonly accept?: string; readonly sha256?: string | undefined } = {},
): Promise<Uint8Array> {
  const { bytesMax = BOUNDS.bytesMax } = options
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const headers = { accept: options.accept ?? "*/*" }
  let at = addressOf(url)
  for (let hop = 0; hop <= HOPS_MAX; hop++) {
    const response = await answered(reach, at, { redirect: "manual", signal, headers })
    const to = response.headers.get("location")
    if (response.status >= 300 && response.status < 400 && to !== null) {
      await response.body?.cancel()
      at = nextOf(at, to)
      continue
    }
    if (!response.ok) {
      await response.body?.cancel()
      throw refused(`${at} answered ${response.status}. Check the address, and that it is there for everybody.`)
    }
    const bytes = await bounded(response, at, bytesMax)
    if (options.sha256 !== undefined && sha256(bytes) !== options.sha256)
      throw refused(`${at} gave other bytes than the marketplace says: their SHA-256 is ${sha256(bytes)}.`)
    return bytes
  }
  throw refused(`${url} leads on to another place more than ${HOPS_MAX} times.`)
}

/** Nobody elsewhere says what of this machine is asked. */
function nextOf(from: string, to: string): string {
  const next = new URL(to, from)
  if (isLoopback(next.hostname) && !isLoopback(new URL(from).hostname))
    throw refused(`${new URL(from).origin} leads to this machine itself, ${next.origin}.`)
  return addressOf(next.href)
}

async function answered(reach: Reach, url: string, init: RequestInit): Promise<Response> {
  try {
    return await reach(url, init)
  } catch (cause) {
    if (cause instanceof SkeinError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError("provider.unavailable", `Nobody answered at ${new URL(url).origin}: ${why}`, { cause })
  }
}

async function bounded(response: Response, url: string, bytesMax: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    length += read.value.length
    if (length > bytesMax) {
      await reader?.cancel()
      throw refused(`${url} gives more than ${bytesMax} bytes, which is the most.`)
    }
    pieces.push(read.value)
  }
  return Buffer.concat(pieces)
}
