import type { AuditEntry, AuditPort } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"

export interface MemoryAudit extends AuditPort {
  readonly entries: readonly AuditEntry[]
  /** From here on nothing can be recorded. */
  break(): void
}

/** A record that is kept in memory. */
export function memoryAudit(): MemoryAudit {
  const entries: AuditEntry[] = []
  let isBroken = false
  return {
    entries,
    break() {
      isBroken = true
    },
    async record(entry) {
      if (isBroken) throw new SkeinError("audit.unwritable", "The record of actions cannot be written. Make room.")
      entries.push(entry)
    },
  }
}
