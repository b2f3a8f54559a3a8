import type { DurableEvent, EventOf, Section, Usage } from "@skein/protocol"
import { effortNow } from "./model.ts"
import type { CacheRecord, SentRequest, SessionState } from "./state.ts"

export function nothingSent(): CacheRecord {
  return { sent: undefined, sending: undefined, changes: [], lost: 0 }
}

/** What an event says of the cache. A rewind takes none of it back: the provider has what it was sent. */
export function advanceCache(state: SessionState, event: DurableEvent): void {
  const { cache } = state
  switch (event.type) {
    case "step.started":
      cache.sending = sendingOf(state, event)
      return
    case "step.ended":
      if (cache.sending === undefined) return
      if (cache.sending.continues !== undefined) cache.lost = 0
      cache.sent = {
        ...cache.sending,
        ...{ endedAt: event.at, tokens: sentTokens(event.usage), storedAs: event.storedAs },
      }
      cache.sending = undefined
      cache.changes = []
      return
    case "usage.recorded":
      if (event.purpose === "keep_alive" && cache.sent !== undefined) cache.sent = { ...cache.sent, endedAt: event.at }
      return
    case "step.discarded":
      cache.sending = undefined
      if (event.code === "provider.stored_lost" && cache.sent !== undefined) {
        cache.sent = { ...cache.sent, storedAs: undefined }
        cache.lost += 1
      }
      return
    case "call.amended":
      // The provider keeps the call as it was asked for, not as the person made it.
      if (cache.sent !== undefined) cache.sent = { ...cache.sent, storedAs: undefined }
      return
    case "context.compacted":
      cache.changes = [...cache.changes, "compaction"]
      return
    case "session.rewound":
      cache.changes = [...cache.changes, "rewind"]
      return
    default:
      return
  }
}

function sendingOf(
  state: SessionState,
  { model, prefix, continues }: EventOf<"step.started">,
): SentRequest | undefined {
  if (prefix === undefined) return undefined
  const sections = state.system.map((section) => ({ name: nameOf(section), sha256: section.sha256 }))
  return { model, effort: effortNow(state), print: prefix, sections, continues }
}

/** All that a request held, wherever it was read from. */
export function sentTokens({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite
}

/** What a section is called, for a person. */
export function nameOf({ source, path }: Pick<Section, "source" | "path">): string {
  return path ?? source
}
