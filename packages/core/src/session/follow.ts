import type { Event } from "@skein/protocol"
import type { Behind, Reader } from "./hub.ts"

/** Events of one reader. Returning ends a `next` that waits: whoever leaves waits for nothing more to happen. */
export interface Followed extends AsyncIterator<Event, undefined> {
  return(): Promise<IteratorResult<Event, undefined>>
}

/** What a reader missed, from the log; then what is under way; then everything as it comes, as fast as it is read. */
export function follow(
  reader: Reader,
  past: (range: Behind) => Promise<readonly Event[]>,
  missed: Behind,
  snapshot: Event,
): Followed {
  const events = read(reader, past, missed, snapshot)
  return {
    next: () => events.next(),
    return() {
      // A generator is returned only after its pending `next`, and one that was never read runs no `finally`.
      reader.close()
      return events.return(undefined)
    },
  }
}

async function* read(...[reader, past, missed, snapshot]: Parameters<typeof follow>): AsyncGenerator<Event, undefined> {
  try {
    if (missed.from <= missed.to) yield* await past(missed)
    yield snapshot
    for (let next = await reader.take(); next !== undefined; next = await reader.take()) {
      yield* "from" in next ? await past(next) : next
    }
  } finally {
    reader.close()
  }
  return undefined
}
