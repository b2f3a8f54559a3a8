import type { WebSearch } from "@skein/protocol"
import { asArray, asObject, asText, type JsonObject } from "./json.ts"
import type { SearchDialect } from "./search-dialects.ts"

/** The tool as it stands in a request, for none or one; the core asks for nothing that the dialect cannot be held to. */
export function searchTools(search: WebSearch | undefined, dialect: SearchDialect | undefined): readonly JsonObject[] {
  if (search === undefined || dialect === undefined) return []
  const facts = factsOf(search, dialect)
  switch (dialect.type) {
    case "googleSearch":
      return [{ googleSearch: {} }]
    case "openrouter:web_search":
      return [{ type: dialect.type, ...(Object.keys(facts).length === 0 ? {} : { parameters: facts }) }]
    case "web_search_20250305":
      return [{ type: dialect.type, name: "web_search", ...facts }]
    case "web_search":
      return [{ type: dialect.type, ...facts }]
  }
}

function factsOf({ access, contextSize, allowedDomains = [], location }: WebSearch, dialect: SearchDialect) {
  const { accessField, sizeField, domains, hasLocation } = dialect
  const place = Object.fromEntries(Object.entries(location ?? {}).filter(([, value]) => value !== undefined))
  return {
    ...(accessField === undefined ? {} : { [accessField]: access === "live" }),
    ...(sizeField === undefined || contextSize === undefined ? {} : { [sizeField]: contextSize }),
    ...(domains === undefined || allowedDomains.length === 0
      ? {}
      : domains === "filters"
        ? { filters: { allowed_domains: allowedDomains } }
        : { allowed_domains: allowedDomains }),
    ...(hasLocation !== true || Object.keys(place).length === 0
      ? {}
      : { user_location: { type: "approximate", ...place } }),
  }
}

/** The pages of a list that has their addresses in `url` or `uri`. */
export function sourcesOf(list: unknown): readonly { readonly url: string; readonly title?: string }[] {
  return asArray(list).flatMap((value) => {
    const page = asObject(value)
    const url = asText(page?.url) || asText(page?.uri)
    const title = asText(page?.title)
    return url === "" ? [] : [{ url, ...(title === "" ? {} : { title }) }]
  })
}
