import type { EventStore, JSONRPCMessage } from "@modelcontextprotocol/server"

/** What a client that lost its connection can still be sent. */
const EVENTS_MAX = 500
const CHARS_MAX = 4 * 1024 * 1024

interface Kept {
  readonly id: number
  readonly streamId: string
  readonly text: string
}

/** The newest messages of one client's streams, for when it comes back with the last that it saw. */
export function keptEvents(): EventStore {
  let kept: readonly Kept[] = []
  let chars = 0
  let newest = 0
  const streamOf = (eventId: string) => kept.find(({ id }) => String(id) === eventId)?.streamId
  return {
    async storeEvent(streamId, message) {
      newest += 1
      const text = JSON.stringify(message)
      kept = [...kept, { id: newest, streamId, text }]
      chars += text.length
      while (kept.length > EVENTS_MAX || (chars > CHARS_MAX && kept.length > 1)) {
        chars -= kept[0]?.text.length ?? 0
        kept = kept.slice(1)
      }
      return String(newest)
    },
    getStreamIdForEventId: async (eventId) => streamOf(eventId),
    async replayEventsAfter(lastEventId, { send }) {
      const streamId = streamOf(lastEventId)
      if (streamId === undefined) throw new Error("What came after that event is not kept any more")
      for (const { id, streamId: of, text } of kept) {
        if (of === streamId && id > Number(lastEventId)) {
          const message: JSONRPCMessage = JSON.parse(text)
          await send(String(id), message)
        }
      }
      return streamId
    },
  }
}
