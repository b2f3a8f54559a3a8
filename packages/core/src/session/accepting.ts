import type { DurableDraft, OpId, Receipt } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"
import type { SessionWriter } from "./writer.ts"

export type Accepted = Extract<Receipt, { status: "accepted" }>

/** How the ops of one session become receipts: with what they did in the log. */
export class Accepting {
  readonly #state: SessionState
  readonly #writer: SessionWriter

  constructor(state: SessionState, writer: SessionWriter) {
    this.#state = state
    this.#writer = writer
  }

  /** As the log stands. */
  now(): Accepted {
    return { status: "accepted", sessionId: this.#state.sessionId, seq: this.#state.seq }
  }

  /** An op without an event of its own leaves a note, so that it is not taken again after a restart. */
  async note(opId: OpId | undefined): Promise<Accepted> {
    if (opId !== undefined) await this.#writer.emit([{ type: "op.accepted", opId }])
    return this.now()
  }

  async write(drafts: readonly DurableDraft[], causedBy: OpId | undefined): Promise<Accepted> {
    await this.#writer.emit(drafts, { flush: true, causedBy })
    return this.now()
  }
}
