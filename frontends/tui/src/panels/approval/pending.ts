import type { EventOf } from "@skein/protocol"

export type Asked = EventOf<"approval.requested">

/** A question that waits, with the call it is about. */
export interface Pending {
  readonly event: Asked
  /** The tool's name and what it is about; of a question without a call, what it is about. */
  readonly name: string
  readonly title: string
  /** The session or agent that asks, when it is not the one on the screen. */
  readonly from?: string | undefined
}
