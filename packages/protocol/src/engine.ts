import { SkeinError } from "./errors.ts"
import type { Event } from "./events/index.ts"
import type { SessionId } from "./ids.ts"
import type { Op } from "./ops.ts"
import type { Query, QueryAnswer } from "./queries.ts"
import type { Receipt } from "./receipt.ts"

/**
 * All there is to skein, for every client alike: ask for a change, read, listen.
 * A front-end holds one of these, in this process or over a wire, and nothing else.
 */
export interface Engine {
  /** Asks for a change. Resolves when the change is in the log, or refused; its consequences come as events. */
  submit(op: Op): Promise<Receipt>
  /** Reads. Throws SkeinError when what is asked about does not exist. */
  ask<Q extends Query>(query: Q): Promise<QueryAnswer<Q>>
  /**
   * The durable events of a session from a cursor on, then one `session.snapshot`, then everything as it happens.
   * Ends when the session closes or the iterator is returned, which also ends a `next` that waits. A slow reader loses
   * live events, never durable ones.
   */
  events(subscription: Subscription): AsyncIterable<Event>
}

export interface Subscription {
  readonly sessionId: SessionId
  /** The first durable event wanted, by `seq`; 1 is the whole session, absent is only what comes. */
  readonly from?: number | undefined
  /**
   * Never opens the session: what another process writes is followed, durable events alone, and nothing is put right.
   * Ends only when it is returned.
   */
  readonly isReadOnly?: boolean | undefined
}

/** Submits what the caller cannot go on without. Throws SkeinError when the engine refuses it, with its reason. */
export async function accepted(
  engine: Pick<Engine, "submit">,
  op: Op,
): Promise<Extract<Receipt, { status: "accepted" }>> {
  const receipt = await engine.submit(op)
  if (receipt.status === "rejected") throw new SkeinError(receipt.code, receipt.message)
  return receipt
}
