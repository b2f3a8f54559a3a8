/** How a provider's own search of the web is asked for: data of its dialect. */
export interface SearchDialect {
  /** The type of the tool, as the wire has it. */
  readonly type: "web_search" | "web_search_20250305" | "googleSearch" | "openrouter:web_search"
  /** The field that says whether it may leave what the provider keeps of the web. Absent: it always may. */
  readonly accessField?: "external_web_access" | undefined
  readonly sizeField?: "search_context_size" | undefined
  /** Where domains go. Absent: it cannot be held to any. */
  readonly domains?: "filters" | "allowed_domains" | undefined
  /** Models that have no search. */
  readonly lacking?: RegExp | undefined
  readonly hasLocation?: boolean | undefined
  /** Responses: what the answer leaves out unless it is asked for. */
  readonly include?: "web_search_call.action.sources" | undefined
}

/** The searches of wires as their own makers have them. */
export const OPENAI_SEARCH: SearchDialect = {
  type: "web_search",
  accessField: "external_web_access",
  sizeField: "search_context_size",
  domains: "filters",
  hasLocation: true,
  include: "web_search_call.action.sources",
}
export const ANTHROPIC_SEARCH: SearchDialect = {
  type: "web_search_20250305",
  domains: "allowed_domains",
  hasLocation: true,
}
/** Before 3, Gemini refuses a search beside functions. */
export const GOOGLE_SEARCH: SearchDialect = { type: "googleSearch", lacking: /gemini-(?:1|2)/ }
export const XAI_SEARCH: SearchDialect = { type: "web_search", domains: "filters" }
export const OPENROUTER_SEARCH: SearchDialect = {
  type: "openrouter:web_search",
  sizeField: "search_context_size",
  domains: "allowed_domains",
  hasLocation: true,
}
