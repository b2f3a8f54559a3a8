import type { DurableEvent } from "@skein/protocol"
import { FIELDS } from "./fields.ts"
import { fields, type Hash, id as idOnly } from "./keep.ts"

/** Raised with every change of what a reader of records may rely on. */
export const RECORD_VERSION = 1

/** One event without its content. Undefined for progress, and for types that this skein does not know. */
export function recordOf(event: DurableEvent, hash: Hash): object | undefined {
  const kept = Object.hasOwn(FIELDS, event.type) ? FIELDS[event.type] : null
  if (kept === null) return undefined
  return {
    v: RECORD_VERSION,
    seq: event.seq,
    id: idOnly(event.id, hash),
    ts: new Date(event.at).toISOString(),
    sessionId: idOnly(event.sessionId, hash),
    type: event.type,
    causedBy: idOnly(event.causedBy, hash),
    data: fields(kept)(event, hash),
  }
}
