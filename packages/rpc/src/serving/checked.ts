import {
  type Engine,
  type Event,
  type Op,
  OpSchema,
  type Query,
  QuerySchema,
  type Receipt,
  SkeinError,
} from "@skein/protocol"
import { prettifyError, type ZodType } from "@skein/protocol/schema"
import { SubscriptionSchema } from "@skein/protocol/wire"

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
    events: (value) => engine.events(read(SubscriptionSchema(), value, "subscription")),
  }
}

function read<T>(schema: ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new SkeinError("op.invalid", `This is no ${what}: ${prettifyError(result.error).slice(0, 2_000)}`)
}
