import type { ModelInfo } from "@skein/protocol"
import { entryOf } from "./catalog/catalog.ts"
import type { Credential } from "./logins.ts"
import { baseUrlOf, type Environment, wireOf } from "./providers/address.ts"
import type { WireRow } from "./providers/row.ts"
import type { OwnRow } from "./providers/user.ts"
import { ANTHROPIC_SEARCH, GOOGLE_SEARCH, OPENAI_SEARCH, type SearchDialect } from "./wire/search-dialects.ts"
import type { Dialect, Target, WireName } from "./wire/wire.ts"

/** A row, with the user's and the environment's settings over it, as the wire is to see it. */
export function targetOf(row: OwnRow & WireRow, modelId: string, known: Known): Target {
  const { info, key, env, credential } = known
  const baseUrl = baseUrlOf(row, env, credential)
  const own = row.byModel?.find(({ models }) => models.test(modelId))
  const wire = own?.wire ?? wireFor(row, env, known.isSearching === true)
  const isGateway = row.originHost !== undefined && new URL(baseUrl).host !== row.originHost
  const dialect = {
    ...baseDialect(row, wire, isGateway),
    ...(isGateway ? { isGateway } : {}),
    ...(isBearer(row, key, env) ? { keyHeader: "authorization" as const } : {}),
    search: searchOf(row, wire, modelId),
    ...own?.dialect,
    thinking: entryOf(row.catalogOf ?? row.id, modelId)?.thinking,
    ...row.ownDialect,
    ...known.quirk,
  }
  return { provider: { ...row, wire, dialect }, modelId, info, baseUrl, key, loginHeaders: credential?.headers }
}

interface Known {
  readonly info: ModelInfo
  readonly key?: string | undefined
  readonly credential?: Credential | undefined
  readonly env: Environment
  /** The provider is to search the web for it. */
  readonly isSearching?: boolean | undefined
  /** What was learned of the model. */
  readonly quirk?: Dialect | undefined
}

/** The search of a provider over a wire; a person's own provider has one where they said so. */
export function searchOf(row: OwnRow, wire: WireName, modelId: string): SearchDialect | undefined {
  const search = row.searches?.[wire] ?? (row.hasSearch === true ? SEARCHES[wire] : undefined)
  return search?.lacking?.test(modelId) === true ? undefined : search
}

/** As the maker of each wire has it; Chat has none that is everyone's. */
const SEARCHES: Readonly<Partial<Record<WireName, SearchDialect>>> = {
  "anthropic-messages": ANTHROPIC_SEARCH,
  "openai-responses": OPENAI_SEARCH,
  "google-gemini": GOOGLE_SEARCH,
}

/** The wire that a request goes over: that of the row, or one that searches where this request wants it and the row's cannot. */
export function wireFor(row: OwnRow & WireRow, env: Environment, isSearching: boolean): WireName {
  const wire = wireOf(row, env)
  if (!isSearching || row.searches === undefined || row.searches[wire] !== undefined) return wire
  return WIRE_NAMES.find((name) => row.searches?.[name] !== undefined) ?? wire
}

const WIRE_NAMES: readonly WireName[] = ["openai-responses", "anthropic-messages", "google-gemini", "openai-chat"]

/** A host's own fields are for that host: a server that is only compatible knows the older, common ones. */
function baseDialect(row: OwnRow & WireRow, wire: WireName, isGateway: boolean): Dialect | undefined {
  if (wire !== "openai-chat" || row.chat === undefined) return row.dialect
  return isGateway ? row.chat.others : row.chat.own
}

/** The user said so, or the key came from a variable that holds such tokens. */
function isBearer(row: OwnRow & WireRow, key: string | undefined, env: Environment): boolean {
  if (row.isBearer !== undefined) return row.isBearer
  return key !== undefined && (row.bearerEnv ?? []).some((name) => env[name]?.trim() === key)
}
