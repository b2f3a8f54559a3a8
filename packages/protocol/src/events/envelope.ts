import { idSchema } from "../id-schema.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"
import { DURABLE_EVENTS, type Event, LIVE_EVENTS } from "./index.ts"

/** What the log adds to a durable event, as fields: see `Envelope`. */
export const envelope = () => ({
  v: z.int(),
  seq: z.int().min(1),
  id: idSchema("evt"),
  at: z.number(),
  sessionId: idSchema("ses"),
  causedBy: idSchema("op").optional(),
})

/** What a live event carries, as fields: see `LiveEnvelope`. */
export const liveEnvelope = () => ({
  v: z.int(),
  after: z.int(),
  live: z.int(),
  at: z.number(),
  sessionId: idSchema("ses"),
})

/** The schema of each event with its envelope, by its type. */
export const eventSchemas = lazy(
  (): ReadonlyMap<string, z.ZodObject> =>
    new Map([
      ...DURABLE_EVENTS.map(({ type, fields }) => [type, withType(type, fields().shape, envelope())] as const),
      ...LIVE_EVENTS.map(({ type, fields }) => [type, withType(type, fields().shape, liveEnvelope())] as const),
    ]),
)

function withType(type: string, fields: z.ZodRawShape, around: z.ZodRawShape): z.ZodObject {
  return z.object({ type: z.literal(type), ...fields, ...around })
}

/** Checks an event from outside. One of a newer version's types is refused here: who follows a session skips such a one. */
export const EventSchema = lazy(() => z.eitherOf<Event>("type", [...eventSchemas().values()]))
