import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import type { ModelInfo } from "@skein/protocol"
import type { SearchDialect } from "./search-dialects.ts"

/**
 * What bytes an API speaks: two pure functions. Everything else about a provider is data (`Provider`), and everything
 * about sending is the transport's.
 */
export interface Wire {
  readonly name: WireName
  /** The HTTP request for one model request. */
  request(request: ModelRequest, target: Target): WireRequest
  /** A fresh decoder for one reply. */
  decoder(target: Target): Decoder
}

export type WireName = "anthropic-messages" | "openai-responses" | "openai-chat" | "google-gemini" | "ollama-chat"

export interface WireRequest {
  /** Appended to the base URL; may hold a query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Keeps the state of one reply. Throws SkeinError for an error the provider reports inside the stream. */
export interface Decoder {
  /** How the stream is cut into events: as server-sent events when absent, or a JSON text a line. */
  readonly framing?: "lines" | undefined
  /** The chunks of one server-sent event. Unknown events, fields and pings give none. */
  event(event: ServerSentEvent): readonly ModelChunk[]
  /**
   * The stream is over. Gives what is still owed (a `stop` the wire leaves out), or throws SkeinError
   * `provider.stream_cut` when the reply is not whole.
   */
  end(): readonly ModelChunk[]
}

export interface ServerSentEvent {
  /** The `event:` field; empty when there was none. */
  readonly event: string
  /** The `data:` lines joined with LF. */
  readonly data: string
}

/** Who is asked, resolved: what a wire needs to know to write the request. */
export interface Target {
  readonly provider: Provider
  /** The provider's own name of the model. */
  readonly modelId: string
  readonly info: ModelInfo
  readonly baseUrl: string
  readonly key: string | undefined
  /** What a login adds to each request. */
  readonly loginHeaders?: Readonly<Record<string, string>> | undefined
}

/** Who serves a wire, where, with which key: a row of data. */
export interface Provider {
  readonly id: string
  readonly name: string
  readonly wire: WireName
  readonly baseUrl: string
  /** Environment variables that may hold the key, first wins. Empty: no key needed. */
  readonly keyEnv: readonly string[]
  /** Environment variables that may move the base URL, first wins. */
  readonly baseUrlEnv: readonly string[]
  readonly defaultModel?: string | undefined
  /** How this provider's dialect differs from the wire's first speaker. Absent means: not at all. */
  readonly dialect?: Dialect | undefined
}

/** Differences as data. A wire reads them; none of them names a provider. */
export interface Dialect {
  /** Headers added to every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Chat: the field that caps output. */
  readonly outputCapField?: "max_tokens" | "max_completion_tokens" | undefined
  /** Chat: the role of the system text. */
  readonly systemRole?: "system" | "developer" | undefined
  /** Chat: reasoning text must be sent back in this field of assistant messages that hold calls. */
  readonly reasoningField?: "reasoning_content" | "reasoning" | undefined
  /** Responses: a summary of the reasoning is refused, as OpenAI does for accounts that are not verified. */
  readonly lacksReasoningSummary?: boolean | undefined
  /** Chat: a message without reasoning of its own leaves that field out; a few servers refuse it for some models. */
  readonly isReasoningOptional?: boolean | undefined
  /** Chat: how an effort is asked for. */
  readonly effort?: "reasoning_effort" | "reasoning" | "thinking" | "enable_thinking" | "none" | undefined
  /** Chat: `stream_options.include_usage` is refused. */
  readonly lacksUsageOption?: boolean | undefined
  /** Anthropic: the API is a compatible gateway, which takes no beta headers. */
  readonly isGateway?: boolean | undefined
  /** Chat: a cache key or Anthropic-style cache marks are understood. */
  readonly cache?: "prompt_cache_key" | "cache_control" | "none" | undefined
  /** Anthropic: the marks ask for an hour instead of minutes. */
  readonly cacheTtl?: "1h" | undefined
  /** Chat: the context window is asked for in `options.num_ctx`, which some servers in front of an Ollama take. */
  readonly contextField?: "num_ctx" | undefined
  /** Ollama: how long the model stays in memory after a request, as Ollama writes it: `15m`. */
  readonly keepAlive?: string | undefined
  /** What to do when the server does not have the model; `{model}` stands for its name. */
  readonly missingModelCure?: string | undefined
  /** The header that carries the key, where it is not the wire's own. */
  readonly keyHeader?: "authorization" | "x-api-key" | "api-key" | "x-goog-api-key" | undefined
  /** A schema for the answer cannot be asked for in a field; it is asked for in words at the end of the system text. */
  readonly lacksOutputSchema?: boolean | undefined
  /** Gemini: `parametersJsonSchema` is refused; the older, narrower `parameters` is written. */
  readonly lacksJsonSchema?: boolean | undefined
  /** Pictures are refused: a note stands in the place of each. */
  readonly lacksImages?: boolean | undefined
  /** Chat: call ids must be exactly this many letters and digits. */
  readonly callIdLength?: number | undefined
  /** The path below the base URL, where it is not the wire's own: `{model}` stands for the model. */
  readonly path?: string | undefined
  /** The model is named by the path alone: a `model` field is refused. */
  readonly lacksModelField?: boolean | undefined
  /** Anthropic: the version of the API is said in the body, in place of the header. */
  readonly bodyVersion?: string | undefined
  /** Responses: `strict` of a tool is null, as anything else is refused. */
  readonly isStrictNull?: boolean | undefined
  /** Responses: a request without `instructions` is refused. */
  readonly needsInstructions?: boolean | undefined
  /** Responses: `max_output_tokens` is refused. */
  readonly lacksOutputCap?: boolean | undefined
  /** Responses: how much is said, where nobody asks for more or less. */
  readonly verbosity?: "low" | "medium" | "high" | undefined
  /** Responses: how hard is thought where nobody says. */
  readonly effortDefault?: "low" | "medium" | "high" | undefined
  /** Responses: at most so many characters of the cache key are taken. */
  readonly cacheKeyCharsMax?: number | undefined
  /** A header that says who asks: `user` for what a person said, `agent` for what goes on by itself. */
  readonly initiatorHeader?: string | undefined
  /** A header that must say `true` when a request holds pictures. */
  readonly picturesHeader?: string | undefined
  /** A header that carries the cache key. */
  readonly sessionHeader?: string | undefined
  /** Chat: a person may not speak right after a result; a few words of the model stand between. */
  readonly needsAnswerAfterResults?: boolean | undefined
  /** Models behind it often write a call as text: what may be one is held back while it streams. */
  readonly writesCalls?: boolean | undefined
  /** Responses: the person lets the provider keep the conversation, so that only what is new is sent. */
  readonly storesReplies?: boolean | undefined
  /** The provider can search the web for the model, and is asked so. */
  readonly search?: SearchDialect | undefined
  /** Responses: `text.verbosity` is refused. */
  readonly lacksVerbosity?: boolean | undefined
  /** Chat: the field `verbosity` is understood. */
  readonly hasVerbosity?: boolean | undefined
  /** How long the answer's headers may take, in milliseconds: a local server loads its model first. */
  readonly headersTimeoutMs?: number | undefined
  /** How long the stream may stay silent, in milliseconds. */
  readonly idleTimeoutMs?: number | undefined
  /**
   * Anthropic and Gemini: how this model is told how hard to think, from the catalogue. `adaptive`: by an effort word;
   * `always`: the same, and it cannot be switched off; `budget`: by a number of tokens; `level`: Gemini's words.
   * Absent: the model is not in the catalogue, and its name must do.
   */
  readonly thinking?: "adaptive" | "always" | "budget" | "level" | undefined
}
