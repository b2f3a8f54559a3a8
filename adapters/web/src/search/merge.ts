import type { SearchResult } from "@skein/core/ports"
import { isBelow } from "./engines.ts"
import type { Hit } from "./readers.ts"

export interface Found {
  readonly engine: string
  readonly weight: number
  readonly hits: readonly Hit[]
}

/** Of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): how little the first places differ. */
const FLATNESS = 60
const TITLE_CHARS_MAX = 200
const SNIPPET_CHARS_MAX = 400

/** One list of many: the same page once, best where several engines agree. */
export function merged(found: readonly Found[], limit: number, domains: readonly string[]): readonly SearchResult[] {
  const pages = new Map<string, { result: SearchResult; score: number }>()
  for (const { engine, weight, hits } of found) {
    const seen = new Set<string>()
    for (const hit of hits) {
      const page = pageOf(hit.url, domains)
      if (page === undefined || seen.has(page.key)) continue
      seen.add(page.key)
      const known = pages.get(page.key)
      const score = (known?.score ?? 0) + weight / (FLATNESS + seen.size)
      pages.set(page.key, { result: joined(known?.result, hit, page.url, engine), score })
    }
  }
  return [...pages.values()]
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ result }) => result)
}

function joined(known: SearchResult | undefined, hit: Hit, url: string, engine: string): SearchResult {
  const snippet = hit.snippet.slice(0, SNIPPET_CHARS_MAX)
  if (known === undefined) return { title: hit.title.slice(0, TITLE_CHARS_MAX) || url, url, snippet, engines: [engine] }
  return {
    ...known,
    // Whoever says more says it for all.
    snippet: snippet.length > known.snippet.length ? snippet : known.snippet,
    engines: [...known.engines, engine],
  }
}

/** What a page is told from others by; undefined for what is no page of the web, or of none of the domains. */
function pageOf(text: string, domains: readonly string[]): { readonly key: string; readonly url: string } | undefined {
  if (text.length > 2_000 || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined
  if (domains.length > 0 && !domains.some((domain) => isBelow(url.hostname, domain))) return undefined
  url.hash = ""
  for (const name of [...url.searchParams.keys()]) if (TRACKING.test(name)) url.searchParams.delete(name)
  const host = url.hostname.replace(/^(?:www|m|amp)\./, "")
  return { key: `${host}${url.pathname.replace(/\/+$/, "")}${url.search}`, url: url.href }
}

/** Of who sent a reader there. */
const TRACKING = /^(?:utm_\w+|gclid|fbclid|msclkid|ref|ref_src|mc_[ce]id|igshid)$/
