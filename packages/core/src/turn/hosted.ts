import type { DurableDraft, HostedAction, ItemId, ProviderData } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { visible } from "../context/visible.ts"
import type { ModelChunk } from "../ports/index.ts"

export type HostedChunk = Extract<ModelChunk, { type: "hosted" }>
type HostedCompleted = Extract<DurableDraft, { type: "hosted_call.completed" }>

/** Pages of one search that are kept: what a person would look at. */
const SOURCES_MAX = 20
/** Of a query, an address or a title. */
const CHARS_MAX = 2_000

/** A search of the provider that has not ended, as it was told last. */
export interface OpenSearch {
  readonly itemId: ItemId
  readonly chunk: HostedChunk
}

/** A search of the provider while it goes on; its words are foreign, and made visible and short. */
export function hostedStarted({ action }: HostedChunk, itemId: ItemId) {
  return { type: "hosted_call.started", itemId, name: "web_search", action: shown(action) } as const
}

/** The same for the log, when it is over. */
export function hostedCompleted(
  { index, action, sources = [], failure, isOpen }: HostedChunk,
  itemId: ItemId,
  providerData: ProviderData | undefined,
): Omit<HostedCompleted, "turnId" | "step"> {
  return {
    ...{ type: "hosted_call.completed", itemId, index, name: "web_search", action: shown(action) },
    sources: sources
      .slice(0, SOURCES_MAX)
      .map((source) => ({ url: bounded(source.url) ?? "", ...given("title", bounded(source.title)) })),
    ...given("failure", bounded(failure)),
    ...(isOpen === true ? { isOpen } : {}),
    ...given("providerData", providerData),
  }
}

function shown({ kind, query, url }: HostedAction): HostedAction {
  return { kind, ...given("query", bounded(query)), ...given("url", bounded(url)) }
}

function bounded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : visible(text).slice(0, CHARS_MAX)
}
