import { ERROR_CODES } from "./errors.ts"
import type { Immutable } from "./events/define.ts"
import { idSchema } from "./id-schema.ts"
import { lazy } from "./lazy.ts"
import { OpSchema } from "./ops.ts"
import { QuerySchema } from "./queries.ts"
import { Receipt } from "./receipt.ts"
import * as z from "./schema.ts"

/** The version of what is said between a client and an engine that runs elsewhere (docs/decisions/0021). */
export const WIRE_VERSION = 1

/** Events that a subscription may be ahead of what its client took: without a word, and at most. */
export const WINDOW = { standard: 64, max: 1_024 } as const

/**
 * The header by which requests of plain HTTP and streams of events say that they are one connection, under a name that the client
 * chooses: who answers is there as long as one of its streams is.
 */
export const CONNECTION_HEADER = "skein-connection"

/** Of JSON-RPC's codes of errors, those that are ours: the engine refuses; and too much is asked at once. */
export const WIRE_ERRORS = { refused: -32_000, busy: -32_001 } as const

const peer = () => z.object({ name: z.string(), version: z.string() })
const nothing = () => z.object({})
const subscriptionId = () => z.string().min(1)

/** Which events of which session: see `Subscription` of the engine. */
export const SubscriptionSchema = lazy(() =>
  z.object({
    sessionId: idSchema("ses"),
    from: z.int().min(1).optional(),
    isReadOnly: z.boolean().optional(),
  }),
)

/** Why the engine refused: what its SkeinError says. Times in milliseconds. */
export const Refusal = lazy(() =>
  z.object({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    retryAfterMs: z.number().optional(),
    httpStatus: z.int().optional(),
    requestId: z.string().optional(),
  }),
)
export type Refusal = Immutable<z.infer<ReturnType<typeof Refusal>>>

/** What a client asks a server. The result of `ask` is `{answer}`, which follows from the query and is absent where there is none. */
export const WIRE_REQUESTS = {
  /** First. One's own version where the other's is not known. */
  initialize: {
    params: lazy(() => z.object({ protocol: z.int(), client: peer() })),
    result: lazy(() => z.object({ protocol: z.int(), server: peer() })),
  },
  submit: { params: lazy(() => z.object({ op: OpSchema() })), result: Receipt },
  ask: {
    params: lazy(() => z.object({ query: QuerySchema() })),
    result: lazy(() => z.object({ answer: z.unknown().optional() })),
  },
  /** `window`: how many events may come before the client says that it took some. */
  subscribe: {
    params: lazy(() =>
      z.object({ subscription: SubscriptionSchema(), window: z.int().min(1).max(WINDOW.max).optional() }),
    ),
    /** `after`: where the subscription is that begins with what only comes, so that it can be gone on with. */
    result: lazy(() => z.object({ subscriptionId: subscriptionId(), after: z.int().min(0).optional() })),
  },
  unsubscribe: { params: lazy(() => z.object({ subscriptionId: subscriptionId() })), result: lazy(nothing) },
} as const

/** What is told and not answered: `more` by the client, which took so many events, the others by the server. */
export const WIRE_NOTIFICATIONS = {
  more: lazy(() => z.object({ subscriptionId: subscriptionId(), count: z.int().min(1).max(WINDOW.max) })),
  /** `event` is one of the protocol's, or of a newer version's: whoever does not know its type skips it. */
  event: lazy(() =>
    z.object({
      subscriptionId: subscriptionId(),
      event: z.looseObject({ type: z.string(), sessionId: idSchema("ses") }),
    }),
  ),
  /** No further event comes; with `error`, because of it. */
  ended: lazy(() => z.object({ subscriptionId: subscriptionId(), error: Refusal().optional() })),
} as const

export type WireMethod = keyof typeof WIRE_REQUESTS
export type WireNotification = keyof typeof WIRE_NOTIFICATIONS
export type WireParams<M extends WireMethod> = Immutable<z.infer<ReturnType<(typeof WIRE_REQUESTS)[M]["params"]>>>
export type WireResult<M extends WireMethod> = Immutable<z.infer<ReturnType<(typeof WIRE_REQUESTS)[M]["result"]>>>
export type WireNews<N extends WireNotification> = Immutable<z.infer<ReturnType<(typeof WIRE_NOTIFICATIONS)[N]>>>
