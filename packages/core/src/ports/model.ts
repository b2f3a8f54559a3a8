import type {
  ContentBlock,
  Effort,
  HostedAction,
  ModelInfo,
  ProviderData,
  Usage,
  Verbosity,
  WebSearch,
} from "@skein/protocol"

/**
 * Asks models. The core calls `stream` once per attempt of a step.
 *
 * Implementations of `stream`: end with exactly one `stop` chunk, or throw one SkeinError (`provider.*`);
 * stop within 100 ms of `signal` by throwing its reason; never retry; keep nothing of
 * a conversation between requests. What they learned from a refusal they use with the next attempt, having said so by
 * `provider.quirk_found`, and no more often than they can learn something new. A refusal of what `continues` names is
 * `provider.stored_lost`: the next attempt comes with the whole conversation.
 * They yield one array per network read, so that a long stream costs per packet and not per token.
 */
export interface ModelPort {
  /** What is known of `provider/model`. Throws SkeinError `model.unknown` or `model.no_key`, saying what to do. */
  describe(model: string): ModelInfo
  /** With whether each can be asked, which may have to be looked for where keys are kept. */
  list(how?: ModelsWanted): readonly ModelInfo[] | Promise<readonly ModelInfo[]>
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelChunk[]>
}

/** How models are listed. */
export interface ModelsWanted {
  /** The servers of the person's own providers are asked what they have, for a moment at most. Never when not said. */
  readonly asksServers?: boolean | undefined
}

/** One provider-neutral request. A wire turns it into a body; nothing in it is particular to one provider. */
export interface ModelRequest {
  /** `provider/model`. */
  readonly model: string
  /** Stable first, volatile last; the wire marks its cache breakpoints at the end of system, tools and history. */
  readonly system: readonly string[]
  readonly messages: readonly Message[]
  readonly tools: readonly ToolSpec[]
  readonly effort?: Effort | undefined
  readonly verbosity?: Verbosity | undefined
  /** The provider may search the web for the model. Only of one whose description says that it can. */
  readonly search?: WebSearch | undefined
  /** How freely it picks its words, from 0. As the provider has it when absent; wires without such a field leave it out. */
  readonly temperature?: number | undefined
  readonly outputTokensMax?: number | undefined
  /** The model's window, where the person said another than is known. */
  readonly contextTokens?: number | undefined
  readonly outputSchema?: { readonly name: string; readonly schema: unknown } | undefined
  /** Stable for a session, so that a provider can route its requests to the same cache. */
  readonly cacheKey: string
  /** Where the provider keeps the conversation, as it said: a wire that it agreed on this with sends only what came since. */
  readonly continues?: Continued | undefined
}

/** A conversation that a provider keeps. */
export interface Continued {
  /** The `storedAs` of its newest reply. */
  readonly replyId: string
  /** The first of the request's messages that came after that reply. */
  readonly messagesFrom: number
}

/**
 * One message of the conversation, already repaired: user and assistant alternate as the wires allow, every `call` has
 * exactly one `result` in the next message, call ids are unique.
 */
export type Message =
  | { readonly role: "user"; readonly content: readonly (ContentBlock | ResultBlock)[] }
  | { readonly role: "assistant"; readonly content: readonly AssistantBlock[] }

export interface ResultBlock {
  readonly type: "result"
  readonly callId: string
  readonly name: string
  readonly content: readonly ContentBlock[]
  readonly isError: boolean
}

export type AssistantBlock =
  | { readonly type: "text"; readonly text: string; readonly providerData?: ProviderData | undefined }
  | { readonly type: "reasoning"; readonly text: string; readonly providerData?: ProviderData | undefined }
  | {
      readonly type: "call"
      readonly callId: string
      readonly name: string
      readonly input: unknown
      readonly providerData?: ProviderData | undefined
    }
  /** What the provider did by itself: for its own eyes, and left out for another. */
  | { readonly type: "hosted"; readonly isOpen: boolean; readonly providerData: ProviderData }

export interface ToolSpec {
  readonly name: string
  readonly description: string
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>
}

/** `index` tells interleaved items of one reply apart, and orders them. */
export type ModelChunk =
  | { readonly type: "text"; readonly index: number; readonly text: string }
  | { readonly type: "reasoning"; readonly index: number; readonly text: string }
  | {
      readonly type: "call"
      readonly index: number
      readonly name: string
      readonly providerCallId?: string | undefined
    }
  /** The provider searches for the model. May come again for the same item, as more of it is known. */
  | {
      readonly type: "hosted"
      readonly index: number
      readonly action: HostedAction
      readonly sources?: readonly { readonly url: string; readonly title?: string | undefined }[] | undefined
      readonly failure?: string | undefined
      readonly isOpen?: boolean | undefined
    }
  /** A piece of the arguments' JSON text. */
  | { readonly type: "arguments"; readonly index: number; readonly text: string }
  /**
   * The item is whole. A call without this chunk was cut off and is never run. `providerData` goes back unchanged;
   * the wire tags it. `argumentsText`, where the wire repeats the whole arguments, wins over the pieces; so does `text`,
   * where something that was streamed turned out to be no text.
   */
  | {
      readonly type: "item_end"
      readonly index: number
      readonly providerData?: ProviderData | undefined
      readonly argumentsText?: string | undefined
      readonly text?: string | undefined
    }
  /** One sentence for the person, about how the model is asked; no part of the reply. */
  | { readonly type: "notice"; readonly code: string; readonly text: string }
  /** May come more than once; later numbers replace earlier ones. */
  | { readonly type: "usage"; readonly usage: Partial<Usage> }
  /** `storedAs`: the provider keeps the conversation to here, and takes it by this id. Only where the person wants that. */
  | {
      readonly type: "stop"
      readonly reason: StopReason
      readonly requestId?: string | undefined
      readonly storedAs?: string | undefined
    }

/** `paused`: the provider wants the conversation sent back as it is, to go on. */
export type StopReason = "end" | "calls" | "length" | "refusal" | "paused"
