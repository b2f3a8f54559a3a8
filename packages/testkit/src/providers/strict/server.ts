import { type Json, must, proofOf, Refused, type Spoken, type Understood } from "./spoken.ts"
import type { StrictProvider } from "./table.ts"

export const STRICT_KEY = "sk-strict-0123456789abcdef"

/** A request as it came. */
export interface Journaled {
  readonly url: string
  readonly headers: Headers
  readonly text: string
  readonly understood: Understood | undefined
}

export interface StrictServer {
  /** `http://127.0.0.1:…`. */
  readonly origin: string
  readonly journal: readonly Journaled[]
  /** Why requests were refused. */
  readonly complaints: readonly string[]
  stop(): void
}

export interface StrictOptions {
  /** Stands before every path, as a gateway's own. */
  readonly prefix?: string | undefined
  /** What it says to the request that is its `at`th. */
  script(at: number, understood: Understood): Spoken
}

/**
 * Serves one provider on loopback, and refuses what the real one would: another path, a lacking header, a field it does not
 * know, an unanswered call, reasoning that does not come back as it went. It keeps what it said, and every request must
 * hold all of it, in order and unchanged.
 */
export function strictServer(provider: StrictProvider, { prefix = "", script }: StrictOptions): StrictServer {
  const journal: Journaled[] = []
  const complaints: string[] = []
  const said: { readonly seed: number; readonly spoken: Spoken }[] = []
  let asked = 0
  const server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1", idleTimeout: 60 },
    async fetch(request) {
      const text = await request.text()
      const { pathname, search } = new URL(request.url)
      const url = pathname + search
      if (request.method !== "POST") return new Response("", { status: 404 })
      const fact = provider.facts?.[url.slice(prefix.length)]
      if (fact !== undefined) return Response.json(fact)
      const seen = { url, headers: request.headers, text }
      try {
        const understood = accepted(provider, `${prefix}${provider.basePath}${provider.path}`, seen)
        checkOwn(understood, said, provider)
        journal.push({ ...seen, understood })
        const seed = asked++
        const spoken = script(seed, understood)
        if (spoken.isCut !== true) said.push({ seed, spoken })
        return replyOf(provider, spoken, seed)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        journal.push({ ...seen, understood: undefined })
        complaints.push(error.message)
        const type = "invalid_request_error"
        return Response.json({ error: { type, message: error.message }, message: error.message }, { status: 400 })
      }
    },
  })
  const stop = () => void server.stop(true)
  return { origin: `http://127.0.0.1:${server.port}`, journal, complaints, stop }
}

function accepted(provider: StrictProvider, path: string, seen: Omit<Journaled, "understood">): Understood {
  must(seen.url === path, `There is nothing at ${seen.url}; it is at ${path}`)
  checkHeaders(provider, seen.headers)
  const understood = provider.wire.read(JSON.parse(seen.text) as Json, provider.manners)
  const { tells } = provider
  if (tells === undefined) return understood
  const who = understood.isAgent ? "agent" : "user"
  must(seen.headers.get(tells.initiator) === who, `${tells.initiator} must be ${who}`)
  const pictures = understood.pictures > 0 ? "true" : null
  must(seen.headers.get(tells.pictures) === pictures, `${tells.pictures} must be ${pictures}`)
  return understood
}

function checkHeaders({ keyHeader, headers = {} }: StrictProvider, given: Headers): void {
  const [name, before] = keyHeader ?? ["authorization", ""]
  const wanted = keyHeader === undefined ? null : `${before}${STRICT_KEY}`
  must(given.get(name) === wanted, `the key must be in ${name}`)
  const holders = [...given].filter(([, value]) => value.includes(STRICT_KEY)).map(([holder]) => holder)
  must(holders.length === (wanted === null ? 0 : 1), `the key is in ${holders}`)
  for (const [header, pattern] of Object.entries(headers)) {
    must(pattern.test(given.get(header) ?? ""), `missing or wrong header ${header}`)
  }
}

/** The model's own messages are those it said, in order, with what proves them. */
function checkOwn(
  { own }: Understood,
  said: readonly { readonly seed: number; readonly spoken: Spoken }[],
  { manners }: StrictProvider,
): void {
  let at = 0
  for (const heard of own) {
    const one = said[at]
    // Only where somebody has to speak between a result and a person.
    const isFiller = manners.isAnswerNeededAfterResults === true && heard.calls.length === 0
    const isSame = one !== undefined && heard.text.trim() === (one.spoken.text ?? "").trim()
    if (!isSame && isFiller) continue
    must(isSame, `message ${at} of the model was not: ${heard.text}`)
    const calls = (one?.spoken.calls ?? []).map(({ name, args }) => ({ name, args }))
    const told = heard.calls.map(({ name, args }) => ({ name, args }))
    must(JSON.stringify(told) === JSON.stringify(calls), `message ${at} had other calls: ${JSON.stringify(told)}`)
    checkProof(heard.proof, { seed: one?.seed ?? 0, hasCalls: calls.length > 0, manners })
    at++
  }
  must(at === said.length, `the last ${said.length - at} of the model's messages are missing`)
}

interface Proven {
  readonly seed: number
  readonly hasCalls: boolean
  readonly manners: StrictProvider["manners"]
}

function checkProof(proof: string, { seed, hasCalls, manners: { reasoning, echo } }: Proven): void {
  const expected = reasoning === undefined ? "" : proofOf(seed)
  const isMissing = proof === "" && !(echo === "needed" && hasCalls)
  must(proof === expected || isMissing, `the reasoning of reply ${seed} came back as "${proof}"`)
}

function replyOf({ wire, manners }: StrictProvider, spoken: Spoken, seed: number): Response {
  // What is cut just ends: the length is not said.
  const bytes = wire.reply(spoken, seed, manners) as Uint8Array<ArrayBuffer>
  return new Response(bytes, { headers: { "content-type": wire.contentType } })
}
