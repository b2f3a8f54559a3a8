import {
  type Engine,
  type Event,
  nearestName,
  OP_TYPES,
  type Op,
  OpSchema,
  QUERY_TYPES,
  type Query,
  QuerySchema,
  type Receipt,
  SkeinError,
} from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
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
      ofType(value, "op", OP_TYPES)
      const op = read(OpSchema(), value, "op")
      return { op, receipt: await engine.submit(op) }
    },
    async ask(value) {
      ofType(value, "query", QUERY_TYPES)
      return engine.ask<Query>(read(QuerySchema(), value, "query"))
    },
    events: (value) => engine.events(read(SubscriptionSchema(), value, "subscription")),
  }
}

/** The schema of all of them would answer with the whole list, in which nobody finds a slip. */
function ofType(value: unknown, what: "op" | "query", types: readonly string[]): void {
  const type = asObject(value)?.type
  if (typeof type !== "string" || types.includes(type)) return
  const near = nearestName(type, types)
  const hint = near === undefined ? "" : ` Did you mean ${near}?`
  throw new SkeinError("op.invalid", `There is no ${what} ${JSON.stringify(type.slice(0, TYPE_CHARS_MAX))}.${hint}`)
}

/** Longer ones are none, and are not sent back whole. */
const TYPE_CHARS_MAX = 80

function read<T>(schema: ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new SkeinError("op.invalid", `This is no ${what}: ${prettifyError(result.error).slice(0, 2_000)}`)
}
