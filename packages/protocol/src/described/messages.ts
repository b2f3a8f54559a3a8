import * as z from "../schema.ts"
import { Refusal, WIRE_NOTIFICATIONS, WIRE_REQUESTS, type WireMethod } from "../wire.ts"
import { pascal } from "./names.ts"

const METHODS = Object.keys(WIRE_REQUESTS) as WireMethod[]
const id = () => z.union([z.string(), z.number()])
const version = () => z.literal("2.0")

/** What goes over a pipe, a Unix socket or a WebSocket: messages of JSON-RPC 2.0, by their names. */
export function messages(answer: z.ZodType): readonly (readonly [string, z.ZodType])[] {
  const requests = METHODS.map((method) => [`${pascal(method)}Request`, request(method)] as const)
  const results = METHODS.filter((method) => method !== "submit").map((method) => {
    const result = method === "ask" ? z.object({ answer: answer.optional() }) : WIRE_REQUESTS[method].result()
    return [`${pascal(method)}Result`, result] as const
  })
  const { more, event, ended } = WIRE_NOTIFICATIONS
  const [took, told, over] = [
    notification("more", more()),
    notification("event", event()),
    notification("ended", ended()),
  ]
  const replies = [z.object({ jsonrpc: version(), id: id(), result: z.looseObject({}) }), failure()] as const
  return [
    ["ClientMessage", z.anyOf([...requests.map(([, schema]) => schema), took])],
    ["ServerMessage", z.anyOf([...replies, told, over])],
    ...requests,
    ...results,
    ["Response", replies[0]],
    ["ErrorResponse", replies[1]],
    ["MoreNotification", took],
    ["EventNotification", told],
    ["EndedNotification", over],
  ]
}

function request(method: WireMethod): z.ZodType {
  return z.object({ jsonrpc: version(), id: id(), method: z.literal(method), params: WIRE_REQUESTS[method].params() })
}

function notification(method: string, params: z.ZodType): z.ZodType {
  return z.object({ jsonrpc: version(), method: z.literal(method), params })
}

/** `data` is there where the engine refused. */
function failure(): z.ZodType {
  const error = z.object({ code: z.int(), message: z.string(), data: Refusal().optional() })
  return z.object({ jsonrpc: version(), id: id().nullable().optional(), error })
}
