import { SkeinError } from "@skein/protocol"
import type { Dialect, WireName } from "../wire/wire.ts"
import { COMPATIBLE, OLLAMA } from "./dialects.ts"
import type { Row, WireRow } from "./row.ts"
import { ROWS } from "./rows.ts"

/**
 * A provider from the user's configuration. With the id of a known one it changes that one: `{id: "openai", wire:
 * "openai-chat", baseUrl: …}`. With a new id it is a new provider, and needs a wire and a base URL.
 */
export interface UserProvider {
  readonly id: string
  readonly name?: string | undefined
  readonly wire?: WireName | undefined
  readonly baseUrl?: string | undefined
  /** Variables that may hold the key, first wins. Absent on a new provider: no key is needed. */
  readonly keyEnv?: string | readonly string[] | undefined
  /** It searches the web for its models, as the maker of its wire does. */
  readonly hasSearch?: boolean | undefined
  /** Sends the key as `Authorization: Bearer`, whatever the wire's own header is. */
  readonly isBearer?: boolean | undefined
  readonly dialect?: Dialect | undefined
  readonly defaultModel?: string | undefined
  readonly proxy?: string | undefined
}

/** A known or new provider with the user's own settings. */
export type OwnRow = Row & {
  /** The base URL is the user's, and the environment does not move it. */
  readonly isMoved?: boolean | undefined
  /** Nobody knows it but the user. */
  readonly isOwn?: boolean | undefined
  readonly isBearer?: boolean | undefined
  readonly hasSearch?: boolean | undefined
  /** Laid over whatever dialect the row and its address bring. */
  readonly ownDialect?: Dialect | undefined
}

/** The known rows with the user's laid over them. Throws SkeinError `config.invalid`. */
export function rowsWith(users: readonly UserProvider[]): readonly OwnRow[] {
  if (users.length === 0) return ROWS
  const rows = new Map<string, OwnRow>(ROWS.map((row) => [row.id, row]))
  for (const user of users) {
    const known = rows.get(user.id)
    rows.set(user.id, known === undefined ? fresh(user) : changed(known, user))
  }
  return [...rows.values()]
}

/** The rows of a person who says how long what they mark is to be kept. */
export function keptFor(cacheTtl: Dialect["cacheTtl"], rows: readonly OwnRow[]): readonly OwnRow[] {
  if (cacheTtl === undefined) return rows
  return rows.map((row) => ({ ...row, ownDialect: { ...row.ownDialect, cacheTtl } }))
}

function fresh(user: UserProvider): OwnRow {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(user.id)) {
    throw new SkeinError("config.invalid", `A provider's id may hold letters, digits, ".", "_" and "-": "${user.id}".`)
  }
  if (user.wire === undefined || user.baseUrl === undefined) {
    const lacks = user.wire === undefined ? "wire" : "base_url"
    throw new SkeinError(
      "config.invalid",
      `[providers.${user.id}] lacks ${lacks}. A new provider needs wire = "…" (openai-chat, openai-responses, anthropic-messages, google-gemini or ollama-chat) and base_url = "…".`,
    )
  }
  const row: WireRow = {
    id: user.id,
    name: user.name ?? user.id,
    wire: user.wire,
    baseUrl: user.baseUrl,
    baseUrlEnv: [],
    keyEnv: list(user.keyEnv),
    defaultModel: user.defaultModel,
    dialect: firstDialect(user.wire),
    proxy: user.proxy,
  }
  return {
    ...row,
    isOwn: true,
    isMoved: true,
    isBearer: user.isBearer,
    hasSearch: user.hasSearch,
    ownDialect: user.dialect,
  }
}

function firstDialect(wire: WireName): Dialect | undefined {
  return wire === "openai-chat" ? COMPATIBLE : wire === "ollama-chat" ? OLLAMA : undefined
}

function changed(known: OwnRow, user: UserProvider): OwnRow {
  const facts = {
    name: user.name ?? known.name,
    baseUrl: user.baseUrl ?? known.baseUrl,
    keyEnv: user.keyEnv === undefined ? known.keyEnv : list(user.keyEnv),
    defaultModel: user.defaultModel ?? known.defaultModel,
    proxy: user.proxy ?? known.proxy,
    isMoved: user.baseUrl !== undefined || known.isMoved,
    isBearer: user.isBearer ?? known.isBearer,
    hasSearch: user.hasSearch ?? known.hasSearch,
  }
  if ("package" in known) {
    if (user.wire === undefined) return { ...known, ...facts }
    throw new SkeinError("config.invalid", `Provider "${known.id}" is served through a package and takes no "wire".`)
  }
  const isOtherWire = user.wire !== undefined && user.wire !== known.wire
  const wire = user.wire ?? known.wire
  return {
    ...known,
    ...facts,
    wire,
    dialect: isOtherWire ? firstDialect(wire) : known.dialect,
    // A wire that a person names holds for all models.
    byModel: user.wire === undefined ? known.byModel : undefined,
    ownDialect: user.dialect,
  }
}

function list(names: string | readonly string[] | undefined): readonly string[] {
  if (names === undefined) return []
  return typeof names === "string" ? [names] : names
}
