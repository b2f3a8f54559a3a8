import type { Host } from "@skein/host"
import { type DatedPrice, jsonPage, type ModelInfo, type Price, type Rates, TIERS } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import { duration, tokens } from "../tell/amounts.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein models show NAME`: all that is known of one model, and nothing that is not. A server of one's own is asked what it has. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host }) => {
    const [name, ...rest] = words
    if (name === undefined || rest.length > 0) throw new UsageError("Name one model: skein models show provider/model")
    const full = host.models.resolve(name)
    const known = await knownOf(full, host)
    const facts = await factsOf(full, known, host)
    if (flags.has("json")) io.out(jsonPage({ ...known, ...facts }))
    else
      for (const [what, text] of rowsOf(full, known, facts)) io.out(`${what.padEnd(WIDTH)}  ${oneLine(text)}`.trimEnd())
    return 0
  })

/** Servers are asked only for what is known of no other. */
async function knownOf(full: string, { engine }: Host): Promise<ModelInfo> {
  const isIt = ({ provider, id }: ModelInfo) => `${provider}/${id}` === full
  const known = (await engine.ask({ type: "models.list" })).find(isIt)
  const served = known ?? (await engine.ask({ type: "models.list", asksServers: true })).find(isIt)
  const slash = full.indexOf("/")
  return served ?? { ...UNKNOWN, id: full.slice(slash + 1), provider: full.slice(0, slash) }
}

/** A name that no list has: it can be asked, and that is all that is known. */
const UNKNOWN = { images: false, tools: true, reasoning: false, isReady: false } as const

const WIDTH = 13

interface Facts {
  readonly tiers: readonly string[]
  /** Scheme, host and port; absent while there is no key. */
  readonly goesTo?: string | undefined
  readonly keyFrom?: string | undefined
  /** What would have to be found before it can be asked. */
  readonly missing: "key" | "login"
  readonly quirks: readonly string[]
}

async function factsOf(full: string, { provider }: ModelInfo, host: Host): Promise<Facts> {
  const destination = (await host.models.destinations()).find((one) => one.provider === provider)
  const quirks = host.models.quirks?.all().filter(({ model }) => model === full) ?? []
  return {
    tiers: TIERS.filter((tier) => host.models.tier(tier, provider)?.model === full),
    goesTo: destination?.origin,
    keyFrom: host.keySources.get(provider),
    missing: host.models.ownerOf(provider)?.login === undefined ? "key" : "login",
    quirks: quirks.map(({ text }) => text),
  }
}

type Row = readonly [what: string, text: string]

function rowsOf(full: string, info: ModelInfo, { tiers, goesTo, keyFrom, missing, quirks }: Facts): readonly Row[] {
  const { name, provider, contextTokens, outputTokensMax } = info
  return [
    ["model", name === undefined ? full : `${full} (${name})`],
    ["window", contextTokens === undefined ? "not known" : `${tokens(contextTokens)} tokens`],
    ["output", outputTokensMax === undefined ? "not known" : `${tokens(outputTokensMax)} tokens at most`],
    ...pricesOf(info),
    ["cache", cacheText(info)],
    ["can", abilities(info)],
    ...(tiers.length === 0 ? [] : [["tier", tiers.join(", ")] as const]),
    ["goes to", goesTo ?? `nowhere yet: there is no ${missing}`],
    ["key", keyFrom ?? (goesTo === undefined ? `no ${missing} was found: skein login ${provider}` : "it needs none")],
    ...quirks.map((text, at): Row => [at === 0 ? "learned" : "", text]),
  ]
}

function pricesOf({ price, prices }: ModelInfo): readonly Row[] {
  if (prices === undefined) return price === undefined ? [["price", "not known"]] : priceRows(price, "price")
  return prices.flatMap((one: DatedPrice, at) => [
    ...priceRows(one, at === 0 ? "price" : "", one.since === undefined ? "" : `from ${one.since}: `),
  ])
}

function priceRows(price: Price, what: string, before = ""): readonly Row[] {
  const bands = price.bands ?? []
  return [
    [what, `${before}${ratesText(price)}, a million tokens`],
    ...bands.map((band): Row => ["", `${before}above ${tokens(band.aboveTokens)} tokens: ${ratesText(band)}`]),
  ]
}

function ratesText({ input, output, cacheRead, cacheWrite, cacheWriteLong }: Rates): string {
  const rest = [
    ["from the cache", cacheRead],
    ["into the cache", cacheWrite],
    ["into the cache for an hour", cacheWriteLong],
  ] as const
  const more = rest.flatMap(([name, rate]) => (rate === undefined ? [] : [`$${rate} ${name}`]))
  return [`$${input} in`, `$${output} out`, ...more].join(", ")
}

function cacheText({ cache }: ModelInfo): string {
  if (cache === undefined) return "not known"
  const { kind, ttlMs, tokensMin, isPerEffort } = cache
  const ways = {
    marks: "up to marks that skein sets",
    key: "by itself, requests of a session together",
    prefix: "by itself",
    none: "nothing is kept",
  }
  return [
    ways[kind],
    ...(tokensMin === undefined ? [] : [`from ${tokens(tokensMin)} tokens on`]),
    ...(ttlMs === undefined ? [] : [`for ${duration(ttlMs).replace(" 0 s", "")} at least`]),
    ...(isPerEffort === true ? ["each effort by itself"] : []),
  ].join(", ")
}

function abilities({ tools, images, reasoning }: ModelInfo): string {
  const can = [...(tools ? ["call tools"] : []), ...(images ? ["see images"] : []), ...(reasoning ? ["think"] : [])]
  return can.length === 0 ? "answer" : can.join(", ")
}
