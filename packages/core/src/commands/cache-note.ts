import type { CacheChange, CacheForecast } from "@skein/protocol"
import type { CommandWorld } from "./command.ts"
import { count, money } from "./text.ts"

/** What a change does to the provider's cache, as a sentence with a space before it; nothing when it does nothing. */
export async function cacheNote({ ask, sessionId }: CommandWorld, change: CacheChange): Promise<string> {
  const forecast = await ask({ type: "cache.forecast", sessionId, change })
  return forecast === undefined ? "" : ` ${forecastText(forecast)}`
}

export function forecastText({ tokens, microUsd }: CacheForecast): string {
  const cost = microUsd === undefined ? "" : `, about ${money(microUsd)}`
  return `This breaks the cache: ${count(tokens)} tokens are read anew${cost}.`
}
