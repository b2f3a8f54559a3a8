import type { Event } from "@skein/protocol"
import type { TurnResult } from "./result.ts"
import type { Turn } from "./turn.ts"

/** A turn that is about to begin: `await` it for the turn, or read it at once, `for await (const event of session.stream(…))`. */
export interface TurnBegun extends Promise<Turn>, AsyncIterable<Event> {
  /** Waits for the end, as the turn's own. Throws SkeinError also when it cannot begin. */
  result(): Promise<TurnResult>
}

export function turnBegun(turn: Promise<Turn>): TurnBegun {
  // Told to whoever looks. Who does not look is not to lose a whole process by it.
  turn.catch(() => undefined)
  return Object.assign(turn, {
    async result() {
      return (await turn).result()
    },
    async *[Symbol.asyncIterator]() {
      yield* await turn
    },
  })
}
