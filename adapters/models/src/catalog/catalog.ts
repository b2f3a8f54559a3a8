import {
  type CacheFacts,
  type DatedPrice,
  type ModelInfo,
  type Price,
  priceOn,
  type Task,
  type Tier,
} from "@skein/protocol"
import type { Dialect } from "../wire/wire.ts"
import json from "./models.json" with { type: "text" }

/** What is known of one model. Prices are USD per million tokens; an absent number is unknown. */
export interface CatalogEntry {
  readonly name: string
  readonly contextTokens?: number | undefined
  readonly outputTokensMax?: number | undefined
  readonly price?: Price | undefined
  /** In the place of `price`, where it changed or will: each with the day from which it holds. */
  readonly prices?: readonly DatedPrice[] | undefined
  /** The least that a provider keeps of this model's requests, where that is not what it is of its others. */
  readonly cacheTokensMin?: number | undefined
  readonly images: boolean
  readonly reasoning: boolean
  /** Absent means yes: a model that cannot call tools is of no use here. */
  readonly tools?: boolean | undefined
  readonly thinking?: Dialect["thinking"]
}

/** What the user says about `provider/model`. It is laid over the catalogue, so every reader sees the same numbers. */
export type ModelOverride = {
  readonly [K in Exclude<keyof CatalogEntry, "thinking" | "prices" | "cacheTokensMin">]?: CatalogEntry[K] | undefined
}

/** Who does a task where the person said nothing. */
export interface TaskRow {
  /** The session's own model, or a tier of its provider: the first that there is. */
  readonly by: readonly (Tier | "session")[]
  /** Only models that see images count. */
  readonly seesImages?: boolean | undefined
  /** What is done where there is none of them, or the session's model runs on this machine. Absent: it is off. */
  readonly else?: "rule" | "off" | undefined
}

export interface Catalog {
  /** The day the numbers were looked up, `YYYY-MM-DD`. */
  readonly date: string
  /** Short names people use: `sonnet` -> `anthropic/…`. */
  readonly aliases: Readonly<Record<string, string>>
  /** Of a provider: its cheap, fast model, and its strongest where that is not its default. */
  readonly tiers: Readonly<Record<string, { readonly rush?: string | undefined; readonly deep?: string | undefined }>>
  readonly tasks: Readonly<Record<Task, TaskRow>>
  readonly models: Readonly<Record<string, Readonly<Record<string, CatalogEntry>>>>
}

/** The catalogue, parsed on first use: a start that needs no model pays nothing for it. */
export function catalog(): Catalog {
  // The import attribute makes this the file's text; the type checker only knows the file as an object.
  parsed ??= JSON.parse(String(json)) as Catalog
  return parsed
}
let parsed: Catalog | undefined

/** What the catalogue knows of a provider's model. A dated id is found under its undated name. */
export function entryOf(provider: string, modelId: string): CatalogEntry | undefined {
  const models = catalog().models[provider]
  if (models === undefined) return undefined
  return models[modelId] ?? models[modelId.replace(/[-@](\d{8}|\d{4}-\d{2}-\d{2}|default)$/, "")]
}

/** The catalogue's facts with the user's own over them. `price` is replaced as a whole: half a price list is no price. */
export function infoOf(
  provider: string,
  modelId: string,
  entry: CatalogEntry | undefined,
  override: ModelOverride | undefined,
  isReady: boolean,
  { cache, today }: { readonly cache?: CacheFacts | undefined; readonly today?: string } = {},
): ModelInfo {
  const known = { ...entry, ...defined(override) }
  const tokensMin = entry?.cacheTokensMin ?? cache?.tokensMin
  return {
    provider,
    id: modelId,
    name: known.name,
    contextTokens: known.contextTokens,
    outputTokensMax: known.outputTokensMax,
    ...(override?.price === undefined ? pricesOf(known, today) : { price: override.price }),
    ...(cache === undefined ? {} : { cache: { ...cache, ...(tokensMin === undefined ? {} : { tokensMin }) } }),
    // A model nobody has described: tools are worth trying, the rest is not assumed.
    images: known.images ?? false,
    tools: known.tools ?? true,
    reasoning: known.reasoning ?? false,
    isReady,
  }
}

/** On a day, `YYYY-MM-DD`; when no day matters, of the newest. */
function pricesOf(
  { price, prices }: Pick<CatalogEntry, "price" | "prices">,
  today = "9999",
): Pick<ModelInfo, "price" | "prices"> {
  return prices === undefined ? { price } : { price: priceOn(prices, today), prices }
}

function defined(override: ModelOverride | undefined): ModelOverride {
  return Object.fromEntries(Object.entries(override ?? {}).filter(([, value]) => value !== undefined))
}
