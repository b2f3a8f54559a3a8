import {
  type Engine,
  type Event,
  isId,
  type Op,
  OpSchema,
  type Query,
  QuerySchema,
  type Receipt,
  SkeinError,
  type Subscription,
} from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { prettifyError, type ZodType } from "@skein/protocol/schema"

/** An engine that takes values from outside. Each throws SkeinError `op.invalid`, naming the field, for what is none. */
export interface CheckedEngine {
  submit(op: unknown): Promise<{ readonly op: Op; readonly receipt: Receipt }>
  ask(query: unknown): Promise<unknown>
  events(subscription: unknown): AsyncIterable<Event>
}

/** Nothing reaches the engine but what its protocol knows: fields that it does not know are left out. */
export function checked(engine: Engine): CheckedEngine {
  return {
    async submit(value) {
      const op = read(OpSchema(), value, "op")
      return { op, receipt: await engine.submit(op) }
    },
    ask: async (value) => engine.ask<Query>(read(QuerySchema(), value, "query")),
    events: (value) => engine.events(readSubscription(value)),
  }
}

function read<T>(schema: ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new SkeinError("op.invalid", `This is no ${what}: ${prettifyError(result.error).slice(0, 2_000)}`)
}

function readSubscription(value: unknown): Subscription {
  const { sessionId, from, isReadOnly } = asObject(value) ?? {}
  if (typeof sessionId !== "string" || !isId("ses", sessionId)) {
    throw new SkeinError("op.invalid", "This is no subscription: sessionId is to be an id like ses_…")
  }
  if (from !== undefined && !(typeof from === "number" && Number.isSafeInteger(from) && from >= 1)) {
    throw new SkeinError("op.invalid", "This is no subscription: from is to be a whole number of at least 1.")
  }
  if (isReadOnly !== undefined && typeof isReadOnly !== "boolean") {
    throw new SkeinError("op.invalid", "This is no subscription: isReadOnly is to be true or false.")
  }
  return { sessionId, from, isReadOnly }
}
