import {
  SEARCH_SIZES,
  type SearchLocation,
  type SessionId,
  WEB_SEARCH_MEANINGS,
  WEB_SEARCHES,
  type WebSearch,
} from "@skein/protocol"
import { factsNamed } from "./ability.ts"
import { cacheNote } from "./cache-note.ts"
import { defineCommand, usageReply } from "./command.ts"

/** A word, or `key=value`; together they make the search that holds from the next step on. */
export const webSearch = defineCommand({
  name: "web-search",
  aliases: ["web"],
  summary: "Let the model's provider search the web for it.",
  usage: `[${WEB_SEARCHES.join("|")}] [size=…] [domains=a.com,b.com] [country=…] [city=…]`,
  whileBusy: true,
  async run(args, world) {
    const { ask, facts, sessionId } = world
    const { settings } = await facts()
    const now = settings.webSearch ?? { access: "disabled" }
    if (args === "") {
      const choices = WEB_SEARCHES.map((name) => ({
        ...{ label: name, detail: WEB_SEARCH_MEANINGS[name] },
        command: `web-search ${name}`,
      }))
      return { kind: "choose", title: `The web search is ${searchWords(now)}. What instead?`, choices }
    }
    const changed = args.split(/\s+/).reduce<WebSearch | string>(withWord, now)
    if (typeof changed === "string") return usageReply(webSearch, `It does not take ${changed}.`)
    const model = changed.access === "disabled" ? undefined : await factsNamed(settings.model, ask)
    const isLacking = model !== undefined && model.search === undefined
    const note = isLacking
      ? ` ${settings.model} has no search of its own: nothing is searched until the model is another.`
      : ""
    // The search is one of the tools that the provider is told of, before all else.
    const isOther = searchWords(changed) !== searchWords(now) && !isLacking
    return reply(changed, sessionId, note + (isOther ? await cacheNote(world, { kind: "tools" }) : ""))
  },
})

function reply(search: WebSearch, sessionId: SessionId, note: string) {
  const ops = [{ type: "settings.change", sessionId, changes: { webSearch: search } }] as const
  return { kind: "ops", ops, done: `The web search is ${searchWords(search)}.${note}` } as const
}

/** It in words: `live (size high, bun.sh, near Berlin)`. */
export function searchWords({ access, contextSize, allowedDomains = [], location }: WebSearch): string {
  const place = [location?.city, location?.region, location?.country].filter((part) => part !== undefined)
  const details = [
    ...(contextSize === undefined ? [] : [`size ${contextSize}`]),
    ...allowedDomains,
    ...(place.length === 0 ? [] : [`near ${place.join(", ")}`]),
  ]
  return access === "disabled" || details.length === 0 ? access : `${access} (${details.join(", ")})`
}

const PLACES: readonly (keyof SearchLocation)[] = ["country", "region", "city", "timezone"]

/** The search with one word more; the word itself when it means nothing. An empty value takes away. */
function withWord(search: WebSearch | string, word: string): WebSearch | string {
  if (typeof search === "string") return search
  const access = WEB_SEARCHES.find((name) => name === word)
  if (access !== undefined) return { ...search, access }
  const [, key = "", value = ""] = /^(\w+)=(.*)$/.exec(word) ?? []
  if (key === "size") return withSize(search, value) ?? word
  if (key === "domains") return withDomains(search, value) ?? word
  const place = PLACES.find((name) => name === key)
  if (place === undefined) return word
  const { [place]: _, ...others } = search.location ?? {}
  const location = value === "" ? others : { ...others, [place]: value.replaceAll("_", " ") }
  const { location: __, ...rest } = search
  return Object.keys(location).length === 0 ? rest : { ...rest, location }
}

function withSize({ contextSize: _, ...rest }: WebSearch, value: string): WebSearch | undefined {
  if (value === "") return rest
  const contextSize = SEARCH_SIZES.find((name) => name === value)
  return contextSize === undefined ? undefined : { ...rest, contextSize }
}

function withDomains({ allowedDomains: _, ...rest }: WebSearch, value: string): WebSearch | undefined {
  if (value === "") return rest
  const allowedDomains = value.split(",")
  return allowedDomains.every((name) => /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(name))
    ? { ...rest, allowedDomains }
    : undefined
}
