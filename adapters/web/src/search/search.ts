import { type SearchAsked, type SearchFindings, ToolFailure, type WebCaller, type WebPort } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"
import { decoded } from "../charset.ts"
import { addressFor, type Engine, enginesFor } from "./engines.ts"
import type { FoundFile } from "./found.ts"
import { type Found, merged } from "./merge.ts"
import { isRiddle, READERS } from "./readers.ts"

const BYTES_MAX = 3_000_000
const TIMEOUT_MS = 12_000

export interface SearchOptions {
  readonly request: WebPort["request"]
  readonly engines: readonly Engine[]
  readonly found?: FoundFile | undefined
}

interface Answer {
  readonly engine: Engine
  readonly found?: Found | undefined
  readonly reason?: string | undefined
  readonly network: readonly NetworkAttempt[]
}

/** Asks all engines at once and makes one list of what they found. Throws ToolFailure when none answers. */
export async function searched(asked: SearchAsked, caller: WebCaller, options: SearchOptions): Promise<SearchFindings> {
  const engines = enginesFor(asked, options.engines)
  if (asked.isCachedOnly) return await kept(asked, options.found)
  if (engines.length === 0)
    throw new ToolFailure("No engine that is set in tools.web_search.engines knows these domains.")
  const answers = await Promise.all(engines.map((engine) => ask(engine, asked, caller, options)))
  caller.signal.throwIfAborted()
  const failed = answers.flatMap(({ engine, reason }) =>
    reason === undefined ? [] : [{ engine: engine.name, reason }],
  )
  const found = answers.flatMap((answer) => answer.found ?? [])
  if (found.length === 0) {
    const why = failed.map(({ engine, reason }) => `${engine}: ${reason}`).join("; ")
    throw new ToolFailure(`No engine answered. ${why}`)
  }
  const findings: SearchFindings = {
    results: merged(found, asked.limit, asked.domains),
    answered: found.map(({ engine }) => engine),
    failed,
    network: answers.flatMap(({ network }) => network),
  }
  await options.found?.keep(asked, findings)
  return findings
}

async function kept(asked: SearchAsked, file: FoundFile | undefined): Promise<SearchFindings> {
  const found = await file?.find(asked)
  if (found !== undefined) return found
  throw new ToolFailure(
    'web_search is "cached": nobody is asked, and no earlier search found this. With web_search = "live" engines are asked.',
  )
}

async function ask(engine: Engine, asked: SearchAsked, caller: WebCaller, { request }: SearchOptions): Promise<Answer> {
  try {
    const answer = await request(
      {
        url: addressFor(engine, asked),
        headers: { accept: "text/html,application/json,application/rss+xml", "accept-language": "en" },
        ...{ bytesMax: BYTES_MAX, timeoutMs: TIMEOUT_MS, redirectsMax: 2 },
      },
      caller,
    )
    const text = decoded(answer.bytes, answer.headers["content-type"] ?? "")
    const { network } = answer
    const hits = answer.status === 200 || answer.status === 202 ? read(engine, text) : []
    if (hits.length > 0) return { engine, found: { engine: engine.name, weight: engine.weight, hits }, network }
    if (isRiddle(text)) return { engine, reason: "it asks for a proof of being human", network }
    if (answer.status !== 200)
      return { engine, reason: `it answered ${answer.status} ${answer.statusText}`.trim(), network }
    return { engine, found: { engine: engine.name, weight: engine.weight, hits }, network }
  } catch (error) {
    if (caller.signal.aborted) throw error
    return { engine, reason: error instanceof Error ? error.message : String(error), network: [] }
  }
}

/** An answer that is not of the form that is known is a fault of this engine, and the others still answer. */
function read(engine: Engine, text: string): Found["hits"] {
  try {
    return READERS[engine.reads](text)
  } catch (cause) {
    const said = cause instanceof SyntaxError ? "its answer is no JSON" : String((cause as Error).message)
    throw new Error(said, { cause })
  }
}
