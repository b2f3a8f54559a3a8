import type { LoginKind } from "../logins.ts"
import type { SearchDialect } from "../wire/search-dialects.ts"
import type { Dialect, Provider, WireName } from "../wire/wire.ts"
import type { Place } from "./places.ts"

/** A provider skein knows: what the wires need of it, and what finding it needs. */
export type Row = WireRow | PackageRow

export interface WireRow extends Provider, RowFacts {
  /** A variable that says `chat` or `responses`, for servers behind this row that speak only one of them. */
  readonly wireEnv?: string | undefined
  /** Chat as its own host has it, and as the servers do that are only compatible, where that is not the row's dialect. */
  readonly chat?: { readonly own: Dialect; readonly others: Dialect } | undefined
  /** Models that are asked over another wire, or in another dialect, than the row's; the first that fits holds. */
  readonly byModel?: readonly ModelWay[] | undefined
}

export interface ModelWay {
  readonly models: RegExp
  readonly wire?: WireName | undefined
  /** Laid over the row's. */
  readonly dialect?: Dialect | undefined
}

/** Served through a provider package (`src/package`), or by a way that is nobody else's, instead of a wire of ours. */
export interface PackageRow extends Omit<Provider, "wire" | "dialect">, RowFacts {
  readonly package: "amazon-bedrock" | "gemini-web"
}

interface RowFacts {
  /** A process of our own answers: it has no address, and nothing leaves the machine. */
  readonly isOwnProcess?: boolean | undefined
  /** What each `{word}` of the base URL stands for. */
  readonly places?: Readonly<Record<string, Place>> | undefined
  /** It has no list of its models to ask for, which is how a key is checked elsewhere. */
  readonly lacksModelList?: boolean | undefined
  /** Models that a server on this machine has others run: what they are told leaves it. */
  readonly sendsOn?: RegExp | undefined
  /** It is asked without a key where there is none. */
  readonly isKeyOptional?: boolean | undefined
  /** Its variable names a host as Ollama reads it: `gpu`, `gpu:11434`, `:11434`. */
  readonly isHostNamed?: boolean | undefined
  /** Added to an address of the user's that names a host alone. */
  readonly baseUrlPath?: string | undefined
  /** The only models there are. Any other is refused before it is asked for, unless a person described it. */
  readonly models?: readonly string[] | undefined
  /** The prices of `catalogOf` are not what is paid here. */
  readonly isPricedApart?: boolean | undefined
  /** How a person logs in there; a key that is found wins over it. */
  readonly login?: LoginKind | undefined
  /** Keys and logins for it lie on many machines for other reasons: they choose nothing by themselves. */
  readonly isAmbient?: boolean | undefined
  /** Other names people write before the slash. */
  readonly aliases?: readonly string[] | undefined
  /** Key variables whose value goes out as `Authorization: Bearer`, where the wire's own header is another. */
  readonly bearerEnv?: readonly string[] | undefined
  /** The provider whose catalogue rows hold here too: the same models behind another wire. */
  readonly catalogOf?: string | undefined
  /** The host that takes the wire's beta headers and newest fields; any other is a gateway. */
  readonly originHost?: string | undefined
  /** Its own search of the web, by the wire that it is asked over. */
  readonly searches?: Readonly<Partial<Record<WireName, SearchDialect>>> | undefined
  /** What a thousand of those cost, in US dollars, where the provider says so. */
  readonly searchUsdPerThousand?: number | undefined
  /** For this provider's requests: `http://user:pass@host:port`. Absent: the environment's HTTPS_PROXY and NO_PROXY. */
  readonly proxy?: string | undefined
}
