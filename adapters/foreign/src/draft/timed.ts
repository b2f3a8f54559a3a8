import type { DurableDraft } from "@skein/protocol"

/** An event before a log has stamped it, with the time that the source gives it. Milliseconds since the epoch. */
export interface TimedDraft {
  readonly at: number
  readonly draft: DurableDraft
}
