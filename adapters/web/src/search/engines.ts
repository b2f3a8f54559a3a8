import type { SearchAsked } from "@skein/core/ports"
import { hostOf } from "../request/address.ts"

/** One engine that answers without a key: what is asked, and which of our readers reads its answer. */
export interface Engine {
  readonly name: string
  /** How its answer is read. */
  readonly reads: "duckduckgo" | "mojeek" | "brave" | "feed" | "wikipedia" | "stack_exchange" | "searxng"
  /** `{q}` and `{n}` are what is asked for and how many. */
  readonly address: string
  /** It knows only this domain and what is below: not asked about others. Left out: the whole web. */
  readonly domain?: string | undefined
  /** How much its order counts beside that of the others. */
  readonly weight: number
}

export const ENGINES: readonly Engine[] = [
  { name: "duckduckgo", reads: "duckduckgo", address: "https://html.duckduckgo.com/html/?q={q}", weight: 1 },
  { name: "bing", reads: "feed", address: "https://www.bing.com/search?format=rss&q={q}", weight: 0.9 },
  { name: "brave", reads: "brave", address: "https://search.brave.com/search?source=web&q={q}", weight: 1 },
  { name: "mojeek", reads: "mojeek", address: "https://www.mojeek.com/search?q={q}", weight: 0.8 },
  {
    ...{ name: "wikipedia", reads: "wikipedia", domain: "wikipedia.org", weight: 0.5 },
    address: "https://en.wikipedia.org/w/api.php?action=query&list=search&format=json&srlimit={n}&srsearch={q}",
  },
  {
    ...{ name: "stackoverflow", reads: "stack_exchange", domain: "stackoverflow.com", weight: 0.6 },
    address:
      "https://api.stackexchange.com/2.3/search/advanced?order=desc&sort=relevance&site=stackoverflow&pagesize={n}&q={q}",
  },
]

export interface EngineChoice {
  /** Names of those to ask; all of them when left out. */
  readonly engines?: readonly string[] | undefined
  /** Where a SearXNG of the person's own listens. It alone is asked, unless engines are named too. */
  readonly searxng?: string | undefined
}

/** Those to ask, as the person chose. */
export function chosenEngines({ engines, searxng }: EngineChoice): readonly Engine[] {
  const known =
    engines === undefined
      ? searxng === undefined
        ? ENGINES
        : []
      : ENGINES.filter(({ name }) => engines.includes(name))
  if (searxng === undefined) return known
  const address = `${searxng.replace(/\/+$/, "")}/search?format=json&q={q}`
  return [{ name: "searxng", reads: "searxng", address, weight: 1 }, ...known]
}

/** Those that may know something of what is asked. */
export function enginesFor({ domains }: Pick<SearchAsked, "domains">, engines: readonly Engine[]): readonly Engine[] {
  return engines.filter(
    ({ domain }) =>
      domain === undefined ||
      domains.length === 0 ||
      domains.some((wanted) => isBelow(domain, wanted) || isBelow(wanted, domain)),
  )
}

export function addressFor({ address, domain }: Engine, { query, limit, domains }: SearchAsked): string {
  const sites =
    domain === undefined && domains.length > 0 ? ` (${domains.map((each) => `site:${each}`).join(" OR ")})` : ""
  return address.replace("{n}", String(Math.min(30, limit + 5))).replace("{q}", encodeURIComponent(query + sites))
}

/** `host:port` of all that are asked. */
export function hostsOf(asked: SearchAsked, engines: readonly Engine[]): readonly string[] {
  if (asked.isCachedOnly) return []
  return [...new Set(enginesFor(asked, engines).map((engine) => hostOf(new URL(addressFor(engine, asked)))))]
}

/** Whether a host is a domain or below it. */
export function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}
