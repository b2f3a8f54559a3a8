import type { Usage } from "./content.ts"

/** US dollars for a million tokens, as a provider asks them. An absent number is unknown. */
export interface Rates {
  readonly input: number
  readonly output: number
  readonly cacheRead?: number | undefined
  /** Into a cache that is kept for minutes. */
  readonly cacheWrite?: number | undefined
  /** Into a cache that is kept for an hour. */
  readonly cacheWriteLong?: number | undefined
}

/** What one model costs. */
export interface Price extends Rates {
  /** Requests that hold more than so many tokens are asked at these rates, all of them. Smallest first. */
  readonly bands?: readonly (Rates & { readonly aboveTokens: number })[] | undefined
}

/** A price and the first day on which it holds, `YYYY-MM-DD` in UTC; without a day it holds from the beginning. */
export interface DatedPrice extends Price {
  readonly since?: string | undefined
}

/** The price of a day; undefined before the first one. */
export function priceOn(prices: readonly DatedPrice[], day: string): Price | undefined {
  const held = prices.filter(({ since }) => since === undefined || since <= day)
  const newest = held.toSorted((a, b) => ((a.since ?? "") < (b.since ?? "") ? -1 : 1)).at(-1)
  if (newest === undefined) return undefined
  const { since: _, ...price } = newest
  return price
}

/** Money of one reply in micro-USD, by the rates of the band its request was in. */
export function priceOfUsage(usage: Usage, price: Price): number {
  const { input, cacheRead, cacheWrite, cacheWriteLong = 0, output } = usage
  const rates = ratesFor(price, input + cacheRead + cacheWrite)
  const writing = rates.cacheWrite ?? rates.input
  // USD per million tokens is micro-USD per token.
  const cost =
    input * rates.input +
    cacheRead * (rates.cacheRead ?? rates.input) +
    (cacheWrite - cacheWriteLong) * writing +
    cacheWriteLong * (rates.cacheWriteLong ?? writing) +
    output * rates.output
  return Math.round(cost)
}

/** What holds for a request of that many tokens. */
export function ratesFor(price: Price, requestTokens: number): Rates {
  return price.bands?.findLast(({ aboveTokens }) => requestTokens > aboveTokens) ?? price
}
