import { randomBytes } from "node:crypto"
import type { Op } from "@skein/protocol"

/**
 * An op that can be sent again: whatever it would make has its name before it is sent. A server that was killed in between
 * knows by these that it has done it already.
 */
export function repeatable(op: Op): Op {
  const opId = op.opId ?? (`op_${uuid()}` as const)
  if (op.type === "session.create") return { ...op, opId, sessionId: op.sessionId ?? `ses_${uuid()}` }
  if (op.type === "session.fork" || op.type === "session.handoff") {
    return { ...op, opId, newSessionId: op.newSessionId ?? `ses_${uuid()}` }
  }
  return { ...op, opId }
}

/** UUIDv7: names that are made later sort later. */
function uuid(): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
