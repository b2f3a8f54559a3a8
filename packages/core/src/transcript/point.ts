import type { ReplayPoint } from "../ports/index.ts"
import type { SessionState } from "./state.ts"

/** Raised when the fold or the state changes its meaning: points of another version are folded anew. */
const STATE_VERSION = 14

interface Frozen {
  readonly version: number
  readonly skein: string
  readonly state: unknown
}

/** A state as plain data, as of its newest event. `skein` is the version that folded it. */
export function freeze(state: SessionState, skein: string): ReplayPoint {
  const { callAt: _, past: __, ...kept } = state
  return { seq: state.seq, state: { version: STATE_VERSION, skein, state: encode(kept) } satisfies Frozen }
}

/** The state of a point; undefined when it is none of this version's, and everything has to be folded. */
export function thaw(point: ReplayPoint, skein: string): SessionState | undefined {
  const frozen = point.state
  if (!isFrozen(frozen) || frozen.version !== STATE_VERSION || frozen.skein !== skein) return undefined
  // What this version froze is what it thaws: the store has checked the bytes, and the version is the same.
  const state = decode(frozen.state) as Omit<SessionState, "callAt" | "past">
  return state.seq === point.seq ? { ...state, past: undefined, callAt: callsIn(state.items) } : undefined
}

function callsIn(items: SessionState["items"]): SessionState["callAt"] {
  return new Map(items.flatMap((item, at) => (item.kind === "tool_call" ? [[item.callId, at] as const] : [])))
}

function isFrozen(value: unknown): value is Frozen {
  return typeof value === "object" && value !== null && "version" in value && "skein" in value && "state" in value
}

/** Maps and sets as tagged lists, at any depth; everything else is data already. */
function encode(value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value].map(([key, entry]) => [key, encode(entry)]) }
  if (value instanceof Set) return { $set: [...value] }
  if (Array.isArray(value)) return value
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, encodeField(key, entry)]))
}

/** What events brought holds no map: it is kept as it is, unwalked. */
const FROM_EVENTS: ReadonlySet<string> = new Set([
  "cache",
  "created",
  "settings",
  "items",
  "said",
  "system",
  "queue",
  "rules",
  "turns",
  "processNews",
])

function encodeField(key: string, value: unknown): unknown {
  return FROM_EVENTS.has(key) ? value : encode(value)
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  if ("$map" in value && Array.isArray(value.$map))
    return new Map(value.$map.map(([key, entry]) => [key, decode(entry)]))
  if ("$set" in value && Array.isArray(value.$set)) return new Set(value.$set)
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, FROM_EVENTS.has(key) ? entry : decode(entry)]),
  )
}
