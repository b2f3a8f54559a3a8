import type { LogPort, ReplayPoint } from "@skein/core/ports"
import type { DurableEvent } from "@skein/protocol"
import type { HeldFile } from "./append.ts"
import type { LogIndex } from "./log-index.ts"

/** A log that is locked, whole and of this schema. */
export interface Held {
  readonly file: HeldFile
  readonly point?: ReplayPoint | undefined
  readonly events: readonly DurableEvent[]
  readonly index: LogIndex
  /** The newest event of the index that is beside the log; 0 when that one is not used. */
  readonly keptSeq: number
  readonly repaired: LogPort["repaired"]
}
