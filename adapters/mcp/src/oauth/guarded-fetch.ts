import { SkeinError } from "@skein/protocol"
import type { Allowed } from "./addresses.ts"

const TIMEOUT_MS = 30_000
const ANSWER_BYTES_MAX = 1_000_000
const REDIRECTS_MAX = 3

export type Guarded = (url: string | URL, init?: RequestInit) => Promise<Response>

export interface Guard {
  readonly through: (url: string, init?: RequestInit) => Promise<Response>
  readonly allowed: Allowed
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks identity servers, and for their documents: only at addresses that are allowed, for 30 seconds, for answers of 1 MB.
 * A document may be elsewhere by three redirects, each of them allowed too; nothing that is sent goes where a redirect says.
 * Throws SkeinError `login.refused`, `login.unavailable`.
 */
export function guardedFetch({ through, allowed, signal }: Guard): Guarded {
  return async (address, init) => {
    const method = init?.method ?? "GET"
    const deadline = AbortSignal.timeout(TIMEOUT_MS)
    const either = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    let url = allowed(String(address), "an address of them")
    for (let left = REDIRECTS_MAX; ; left--) {
      const response = await answered(url, () =>
        through(url.href, { ...init, redirect: "manual", signal: either }).then(bounded),
      )
      const to = response.headers.get("location")
      if (response.status < 300 || response.status >= 400 || to === null) return response
      if (method !== "GET") throw sentElsewhere(url, "it leads what is sent to it elsewhere")
      if (left === 0) throw sentElsewhere(url, "its redirects have no end")
      if (!URL.canParse(to, url.href)) throw sentElsewhere(url, "its redirect is no address")
      url = allowed(new URL(to, url).href, "an address that one of them leads to")
    }

    async function answered(from: URL, ask: () => Promise<Response>): Promise<Response> {
      try {
        return await ask()
      } catch (cause) {
        if (cause instanceof SkeinError) throw cause
        signal?.throwIfAborted()
        const why = deadline.aborted ? `it did not answer within ${TIMEOUT_MS / 1000} s` : "it cannot be reached"
        throw new SkeinError("login.unavailable", `Could not ask ${from.host} about a login: ${why}.`, { cause })
      }
    }
  }
}

/** The whole of it, as nothing of it is of use before. */
async function bounded(response: Response): Promise<Response> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.body ?? []) {
    size += piece.length
    if (size > ANSWER_BYTES_MAX)
      throw new SkeinError("login.refused", "The server's documents cannot be followed: one of them is too large.")
    pieces.push(piece)
  }
  const { status, statusText, headers } = response
  const hasNone = status === 204 || status === 205 || status === 304 || status < 200
  return new Response(hasNone ? null : Buffer.concat(pieces), { status, statusText, headers })
}

function sentElsewhere({ host }: URL, why: string): SkeinError {
  return new SkeinError("login.refused", `${host} cannot be asked about a login: ${why}.`)
}
