import type { ApprovalId, DurableDraft, DurableEvent, EventOf, Op, Receipt, SessionId } from "@skein/protocol"
import type { Child } from "./kin.ts"

export interface MirrorPorts {
  /** Into the parent's log. Never rejects. */
  record(drafts: readonly DurableDraft[]): void
}

/**
 * What one child asks a person for, asked in its parent's log under the same id and with the child's name. An answer given
 * there is given to the child, whose log says what became of it: the first answer wins, wherever it was given.
 */
export class MirroredQuestions {
  readonly #whose: { readonly agent: string; readonly sessionId: SessionId }
  readonly #child: Child
  readonly #ports: MirrorPorts
  readonly #open = new Set<ApprovalId>()

  constructor(whose: { readonly agent: string; readonly sessionId: SessionId }, child: Child, ports: MirrorPorts) {
    this.#whose = whose
    this.#child = child
    this.#ports = ports
  }

  get isOpen(): boolean {
    return this.#open.size > 0
  }

  take(event: DurableEvent): void {
    if (event.type === "approval.requested") this.#ask(event)
    else if (event.type === "approval.resolved") this.#resolve(event)
  }

  /** Undefined where it was not asked here, or is over. */
  answer(op: Op<"approval.answer">): Promise<Receipt> | undefined {
    if (!this.#open.has(op.approvalId)) return undefined
    return this.#child.answer({ ...op, sessionId: this.#whose.sessionId })
  }

  /** The child is over: nobody waits for these answers any more. */
  withdraw(): void {
    const drafts = [...this.#open].map(
      (approvalId) => ({ type: "approval.resolved", approvalId, answer: "withdrawn", by: "policy" }) as const,
    )
    this.#open.clear()
    this.#ports.record(drafts)
  }

  #ask(event: EventOf<"approval.requested">): void {
    const { v: _, seq: __, id: ___, at: ____, causedBy: _____, sessionId, ...question } = event
    this.#open.add(event.approvalId)
    const below = event.agent
    const name = below === undefined ? this.#whose.agent : `${this.#whose.agent} › ${below.name}`
    this.#ports.record([{ ...question, agent: { name, sessionId: below?.sessionId ?? sessionId } }])
  }

  #resolve({ approvalId, answer, scope, by, feedback }: EventOf<"approval.resolved">): void {
    if (!this.#open.delete(approvalId)) return
    // Whether it ends a turn too is the child's: the parent's goes on.
    this.#ports.record([{ type: "approval.resolved", approvalId, answer, scope, by, feedback }])
  }
}
