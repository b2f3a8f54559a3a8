import type { Event } from "@skein/protocol"
import type { Behind, Reader } from "./hub.ts"

/** What a reader missed, from the log; then what is under way; then everything as it comes, as fast as it is read. */
export async function* follow(
  reader: Reader,
  past: (range: Behind) => Promise<readonly Event[]>,
  missed: Behind,
  snapshot: Event,
): AsyncGenerator<Event> {
  try {
    if (missed.from <= missed.to) yield* await past(missed)
    yield snapshot
    for (let next = await reader.take(); next !== undefined; next = await reader.take()) {
      yield* "from" in next ? await past(next) : next
    }
  } finally {
    reader.close()
  }
}
