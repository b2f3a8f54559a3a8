import type { ModelValues, ProviderValues } from "./values.ts"

/** One provider, as TOML names it. */
export interface ProviderTree {
  name?: string
  wire?: Exclude<ProviderValues["wire"], undefined>
  base_url?: string
  key_env?: string | string[]
  bearer?: boolean
  reasoning_summary?: boolean
  stored_responses?: boolean
  web_search?: boolean
  default_model?: string
  proxy?: string
  headers?: Record<string, string>
}

/** One model, as TOML names it. */
export interface ModelTree {
  name?: string
  context_tokens?: number
  output_tokens?: number
  images?: boolean
  tools?: boolean
  reasoning?: boolean
  price?: { input?: number; output?: number; cache_read?: number; cache_write?: number }
}

/** The same in our words. */
export function providerOf(id: string, provider: ProviderTree): ProviderValues {
  const { name, wire, proxy, headers } = provider
  return {
    id,
    name,
    wire,
    baseUrl: provider.base_url,
    keyEnv: provider.key_env,
    isBearer: provider.bearer,
    hasReasoningSummary: provider.reasoning_summary,
    storesReplies: provider.stored_responses,
    hasSearch: provider.web_search,
    defaultModel: provider.default_model,
    proxy,
    headers,
  }
}

/** The same in our words. */
export function modelOf({ context_tokens, output_tokens, price, ...rest }: ModelTree): ModelValues {
  return {
    ...rest,
    contextTokens: context_tokens,
    outputTokensMax: output_tokens,
    price: price && {
      input: price.input,
      output: price.output,
      cacheRead: price.cache_read,
      cacheWrite: price.cache_write,
    },
  }
}
