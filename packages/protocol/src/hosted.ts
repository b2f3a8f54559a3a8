/** What was searched or read. */
export interface HostedAction {
  readonly kind: "search" | "open_page" | "find_in_page" | "other"
  readonly query?: string | undefined
  readonly url?: string | undefined
}

/** What a search of the model's provider was, as `hosted_call.completed` says it. */
export interface HostedFacts {
  readonly name: "web_search"
  readonly action: HostedAction
  readonly sources: readonly { readonly url: string; readonly title?: string | undefined }[]
  readonly failure?: string | undefined
  readonly isOpen?: boolean | undefined
}

const PAGES_SHOWN_MAX = 3

/** It in a line, for a person: `web search: bun 1.4 · 5 pages (bun.sh, github.com, …)`. */
export function hostedWords(call: Pick<HostedFacts, "action" | "sources" | "failure">): string {
  const { failure, sources } = call
  if (failure !== undefined) return `${hostedTitle(call)} · failed: ${failure}`
  if (sources.length === 0) return hostedTitle(call)
  const hosts = [...new Set(sources.map(({ url }) => /^https?:\/\/([^/?#]+)/.exec(url)?.[1] ?? url))]
  const named = [...hosts.slice(0, PAGES_SHOWN_MAX), ...(hosts.length > PAGES_SHOWN_MAX ? ["…"] : [])].join(", ")
  return `${hostedTitle(call)} · ${sources.length} ${sources.length === 1 ? "page" : "pages"} (${named})`
}

/** While it goes on: `searching the web: bun 1.4`. */
export function hostedNow({ action: { kind, query = "", url = "" } }: Pick<HostedFacts, "action">): string {
  if (kind === "open_page") return `reading a page: ${url}`
  if (kind === "find_in_page") return `searching a page for ${query}: ${url}`
  return query === "" ? "searching the web" : `searching the web: ${query}`
}

/** What was done, without what came of it. */
export function hostedTitle({ action }: Pick<HostedFacts, "action">): string {
  const { kind, query = "", url = "" } = action
  if (kind === "open_page") return `page read: ${url}`
  if (kind === "find_in_page") return `page searched for ${query}: ${url}`
  return query === "" ? "web search" : `web search: ${query}`
}
