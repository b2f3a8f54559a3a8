import type { Fetch } from "../tape/tape.ts"
import { beginningOf } from "../wire/beginning.ts"
import type { Edit } from "./quirk.ts"
import type { Refused } from "./trial.ts"

/** A way out that makes edits on what is sent, and remembers what was refused. */
export interface Witness {
  readonly fetch: Fetch
  /** What the server said to the one request, and what was sent; undefined unless it answered 400 or 422. */
  refused(): Refused | undefined
}

/** An error's body is short; what is longer is a page, of which the beginning will do. */
const CHARS_MAX = 64 * 1024

/** Costs nothing but where a request is refused, or is to be edited. */
export function witness(through: Fetch, edits: readonly Edit[]): Witness {
  let seen: { readonly said: string; readonly sent: string } | undefined
  return {
    refused: () => (seen === undefined ? undefined : { said: seen.said, body: JSON.parse(seen.sent) }),
    async fetch(url, init, about) {
      const sent = typeof init?.body === "string" ? init.body : undefined
      if (sent === undefined) return await through(url, init, about)
      const body = edits.length === 0 ? sent : await withEdits(sent, edits)
      const response = await through(url, { ...init, body }, about)
      if (response.status !== 400 && response.status !== 422) return response
      const said = await beginningOf(response, CHARS_MAX)
      seen = { said, sent: body }
      return new Response(said, { status: response.status, headers: response.headers })
    },
  }
}

async function withEdits(sent: string, edits: readonly Edit[]): Promise<string> {
  const { edited } = await import("./edits.ts")
  return JSON.stringify(edited(JSON.parse(sent), edits))
}
