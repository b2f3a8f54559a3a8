import { editDistance, nearestName, SkeinError } from "@skein/protocol"
import { catalog } from "./catalog/catalog.ts"
import type { OwnRow } from "./providers/user.ts"

/** Who is asked, and for what. */
export interface Choice {
  readonly row: OwnRow
  /** The provider's own name of the model; may hold slashes. */
  readonly modelId: string
}

/**
 * Finds the model a person means, in this order:
 * 1. `provider/rest`, when the first part is a provider's id or alias; `rest` is taken as it is, known or not;
 * 2. a bare provider name with a default model: `groq`;
 * 3. an alias: `sonnet`, `opus`, `gpt`, `gemini`, …, as the catalogue lists them;
 * 4. a model id that exactly one provider of the catalogue has: `grok-4.5`; one with a key before one with a login.
 * Anything else throws SkeinError `model.unknown` with the nearest names.
 */
export function choose(name: string, rows: readonly OwnRow[]): Choice {
  const asked = name.trim()
  const slash = asked.indexOf("/")
  const provider = slash > 0 ? rowOf(asked.slice(0, slash), rows) : undefined
  if (provider !== undefined && slash < asked.length - 1) return { row: provider, modelId: asked.slice(slash + 1) }
  const alias = Object.hasOwn(catalog().aliases, asked.toLowerCase())
    ? catalog().aliases[asked.toLowerCase()]
    : undefined
  if (alias !== undefined) return choose(alias, rows)
  const bare = rowOf(asked.replace(/\/$/, ""), rows)
  if (bare?.defaultModel !== undefined) return { row: bare, modelId: bare.defaultModel }
  const holders = rows.filter((row) => Object.hasOwn(catalog().models[row.id] ?? {}, asked))
  // A subscription to the same models is meant only where it is named.
  const keyed = holders.filter(({ login }) => login === undefined)
  const [only, another] = keyed.length === 0 ? holders : keyed
  if (only !== undefined && another === undefined) return { row: only, modelId: asked }
  if (bare !== undefined) throw new SkeinError("model.unknown", `Which model of ${bare.name}? Write ${bare.id}/model.`)
  throw unknown(asked, holders, rows)
}

/**
 * The model of a first run with nothing but a key: the default model of the first provider, in the order of the rows
 * (anthropic, openai, google, openrouter, xai, deepseek, moonshot, zai, mistral, groq, stepfun, then the user's own), for
 * which `hasKey` says yes. What lies on many machines for other reasons, as AWS credentials, chooses nothing alone.
 */
export function defaultModel(rows: readonly OwnRow[], hasKey: (row: OwnRow) => boolean): string | undefined {
  const row = rows.find((row) => row.defaultModel !== undefined && row.isAmbient !== true && hasKey(row))
  return row === undefined ? undefined : `${row.id}/${row.defaultModel}`
}

/** Where a provider serves a closed list, refuses what is not on it, with the list. A person's own word for one holds. */
export function checkServed({ row, modelId }: Choice, isDescribed: boolean): void {
  if (row.models === undefined || row.models.includes(modelId) || isDescribed) return
  const text = `${row.name} does not serve ${modelId}. It serves ${row.models.join(", ")}. If it does by now, describe it in the configuration: [models."${row.id}/${modelId}"].`
  throw new SkeinError("model.unknown", text)
}

/** A provider by its id or one of its aliases. */
export function rowOf(name: string, rows: readonly OwnRow[]): OwnRow | undefined {
  const wanted = name.toLowerCase()
  return rows.find((row) => row.id === wanted || row.id === name) ?? rows.find((row) => row.aliases?.includes(wanted))
}

function unknown(asked: string, holders: readonly OwnRow[], rows: readonly OwnRow[]): SkeinError {
  if (holders.length > 1) {
    const full = holders.map((row) => `${row.id}/${asked}`).join(", ")
    return new SkeinError("model.unknown", `"${asked}" is served by more than one provider. Say which: ${full}.`)
  }
  const near = nearest(asked, rows)
  const hint = near.length === 0 ? "" : ` Nearest: ${near.join(", ")}.`
  return new SkeinError(
    "model.unknown",
    `No model is called "${asked}".${hint} Write provider/model; "skein models" lists what is known, and any model of a known provider may be named.`,
  )
}

function nearest(asked: string, rows: readonly OwnRow[]): readonly string[] {
  const alias = nearestName(asked, Object.keys(catalog().aliases))
  if (alias !== undefined) return [alias]
  const names = rows.flatMap((row) => Object.keys(catalog().models[row.id] ?? {}).map((id) => `${row.id}/${id}`))
  const wanted = asked.toLowerCase()
  const scored = names.map((name) => ({ name, away: distance(wanted, name) }))
  const close = scored.filter(({ away }) => away <= Math.max(2, wanted.length / 2))
  return close
    .toSorted((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** How far a name is from what was asked: from the whole of it or from its last part, whichever is nearer. */
function distance(asked: string, name: string): number {
  const last = name.slice(name.lastIndexOf("/") + 1)
  if (last.includes(asked)) return 1
  return Math.min(editDistance(asked, name), editDistance(asked, last))
}
