import type { ModelInfo } from "@skein/protocol"
import { shortCount } from "../../view/amounts.ts"
import type { Entry } from "../list/entry.ts"
import { listPanel } from "../list/list.ts"
import type { Panel } from "../panel.ts"
import type { SettingOf } from "./settings.ts"

/** Models with what they cost and hold, those that can be used first. A model that no list knows is taken as it is typed. */
export function modelPanel(models: readonly ModelInfo[], of: SettingOf): Panel {
  const isNow = (model: ModelInfo) => nameOf(model) === of.settings.model
  const rank = (model: ModelInfo) => (isNow(model) ? 0 : model.isReady ? 1 : 2)
  const listed = models.toSorted((a, b) => rank(a) - rank(b)).map((model) => modelEntry(model, isNow(model)))
  const entries = models.some(isNow) ? listed : [...unlisted(of), ...listed]
  return listPanel({
    ...{ title: "models", entries, selected: 0, isVim: of.isVim },
    empty: "No model is known. Type provider/model, or /connect adds a provider.",
    other: (typed) => (/^[^\s/]+\/\S+$/.test(typed) ? otherEntry(typed) : undefined),
  })
}

/** The one that is asked now, which no list knows. */
function unlisted({ settings: { model } }: SettingOf): readonly Entry[] {
  return model === "" ? [] : [{ label: model, detail: "now", intents: [] }]
}

function nameOf({ provider, id }: ModelInfo): string {
  return `${provider}/${id}`
}

function modelEntry(model: ModelInfo, isNow: boolean): Entry {
  const label = nameOf(model)
  const { contextTokens, isReady, provider } = model
  const window = contextTokens === undefined ? "" : shortCount(contextTokens)
  return {
    label,
    detail: isNow ? "now" : isReady ? "" : "no key",
    aside: [priceText(model), window.padStart(7)].filter((text) => text.trim() !== "").join("  "),
    below: abilities(model),
    words: model.name,
    intents: isNow ? [] : choice(label),
    ...(isReady ? {} : { blocker: `No key for ${provider} was found. /connect adds one.` }),
  }
}

/** USD per million tokens, in and out. */
function priceText({ price }: ModelInfo): string {
  if (price === undefined) return ""
  return price.input === 0 && price.output === 0 ? "free" : `$${amount(price.input)} in  $${amount(price.output)} out`
}

function amount(usd: number): string {
  return usd.toFixed(2)
}

function abilities({ name, outputTokensMax, price, images, tools, reasoning }: ModelInfo): string {
  return [
    name,
    outputTokensMax === undefined ? undefined : `answers up to ${shortCount(outputTokensMax)}`,
    reasoning ? "thinks" : undefined,
    images ? "sees images" : undefined,
    tools ? undefined : "uses no tools",
    price?.cacheRead === undefined ? undefined : `$${amount(price.cacheRead)} from its cache`,
  ]
    .filter((text) => text !== undefined)
    .join(" · ")
}

function otherEntry(typed: string): Entry {
  return { label: `${typed}: in no list; Enter asks for it all the same`, intents: choice(typed) }
}

/** By its command, which says what the change does to the provider's cache. */
function choice(model: string): Entry["intents"] {
  return [{ type: "command", line: `/model ${model}` }]
}
