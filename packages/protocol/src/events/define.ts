import type { EventId, OpId, SessionId } from "../ids.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"

/** The schema version every durable event carries. Raised only with a migration. */
export const EVENT_VERSION = 1

/** Durable events rebuild the session. Live ones are progress and may be lost. */
export type Durability = "durable" | "live"

export interface EventDefinition<T extends string, D extends Durability, F extends z.ZodRawShape> {
  readonly type: T
  readonly durability: D
  /** The event's own fields; built on first use. */
  readonly fields: () => z.ZodObject<F>
}

/** One definition gives type, schema, durability and documentation. Names are `noun.past-participle`. */
export function defineEvent<const T extends string, const D extends Durability, F extends z.ZodRawShape>(
  type: T,
  durability: D,
  fields: () => F,
): EventDefinition<T, D, F> {
  return { type, durability, fields: lazy(() => z.object(fields())) }
}

type AnyDefinition = { type: string; durability: Durability; fields: () => z.ZodType }

/** What a definition carries, without the envelope: what the core emits before the log stamps it. */
export type DraftOf<D extends AnyDefinition> = D extends AnyDefinition
  ? { readonly type: D["type"] } & Immutable<z.infer<ReturnType<D["fields"]>>>
  : never

/** Nothing of an event, op or item is ever changed after it was made. */
export type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T

/** What the log adds to a durable event. `seq` counts 1, 2, 3 … in one log; a gap is corruption. */
export interface Envelope {
  readonly v: number
  readonly seq: number
  readonly id: EventId
  /** Milliseconds since the epoch, from the clock port. */
  readonly at: number
  readonly sessionId: SessionId
  /** The op that led here. */
  readonly causedBy?: OpId | undefined
}

/** What a live event carries: the durable event it came after, and its own counter within the session. */
export interface LiveEnvelope {
  readonly v: number
  readonly after: number
  readonly live: number
  readonly at: number
  readonly sessionId: SessionId
}
