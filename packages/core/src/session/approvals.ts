import type { ApprovalId, DurableDraft, EventOf, Op } from "@skein/protocol"
import type { ApprovalAnswer } from "../turn/ports.ts"

interface Waiting {
  readonly isAllowedNow: () => boolean
  settle(answer: ApprovalAnswer): void
}

type Resolved = EventOf<"approval.resolved">
type ResolvedDraft = Extract<DurableDraft, { type: "approval.resolved" }>

/** Approvals that wait for a person. The first answer wins; each gets exactly one, in the log. */
export class Approvals {
  readonly #waiting = new Map<ApprovalId, Waiting>()
  readonly #log: (draft: ResolvedDraft) => Promise<Resolved>

  constructor(log: (draft: ResolvedDraft) => Promise<Resolved>) {
    this.#log = log
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  has(approvalId: ApprovalId): boolean {
    return this.#waiting.has(approvalId)
  }

  /** Waits for the one answer. When the signal aborts first, the answer is `withdrawn`, and this rejects. */
  async wait(approvalId: ApprovalId, signal: AbortSignal, isAllowedNow: () => boolean): Promise<ApprovalAnswer> {
    const answered = new Promise<ApprovalAnswer>((settle) => this.#waiting.set(approvalId, { isAllowedNow, settle }))
    const abandon = () =>
      void this.#settle({ type: "approval.resolved", approvalId, answer: "withdrawn", by: "policy" })
    if (signal.aborted) abandon()
    signal.addEventListener("abort", abandon, { once: true })
    try {
      const answer = await answered
      if (signal.aborted) throw signal.reason
      return answer
    } finally {
      signal.removeEventListener("abort", abandon)
    }
  }

  /** A person's answer. False when nobody waits for it. */
  async answer(op: Op<"approval.answer">): Promise<boolean> {
    const { approvalId, answer, feedback, interrupt } = op
    const by = "person"
    return this.#settle({ type: "approval.resolved", approvalId, answer, by, feedback, interrupt }, op.updatedInput)
  }

  /** After a rule was added: what it now allows need not be asked any more. */
  async rejudge(): Promise<void> {
    for (const [approvalId, waiting] of this.#waiting) {
      if (!waiting.isAllowedNow()) continue
      await this.#settle({ type: "approval.resolved", approvalId, answer: "allow_once", by: "policy" })
    }
  }

  /** Nobody is left to ask. */
  async withdrawAll(): Promise<void> {
    for (const approvalId of this.#waiting.keys()) {
      await this.#settle({ type: "approval.resolved", approvalId, answer: "withdrawn", by: "nobody" })
    }
  }

  async #settle(draft: ResolvedDraft, updatedInput?: unknown): Promise<boolean> {
    const waiting = this.#waiting.get(draft.approvalId)
    if (waiting === undefined) return false
    this.#waiting.delete(draft.approvalId)
    const resolved = await this.#log(draft)
    waiting.settle(updatedInput === undefined ? { resolved } : { resolved, updatedInput })
    return true
  }
}
