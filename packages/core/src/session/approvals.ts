import type { ApprovalId, DurableDraft, EventOf, Op, OpId, Rule } from "@skein/protocol"
import type { Verdict } from "../ports/index.ts"
import type { ApprovalAnswer } from "../turn/ports.ts"

interface Waiting {
  readonly decisionNow: () => Verdict["decision"]
  settle(answer: ApprovalAnswer): void
  fail(error: unknown): void
}

type Resolved = EventOf<"approval.resolved">
type ResolvedDraft = Extract<DurableDraft, { type: "approval.resolved" }>

/** Approvals that wait for a person. The first answer wins; each gets exactly one, in the log. */
export class Approvals {
  readonly #waiting = new Map<ApprovalId, Waiting>()
  readonly #log: (draft: ResolvedDraft, causedBy: OpId | undefined) => Promise<Resolved>

  constructor(log: (draft: ResolvedDraft, causedBy: OpId | undefined) => Promise<Resolved>) {
    this.#log = log
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  has(approvalId: ApprovalId): boolean {
    return this.#waiting.has(approvalId)
  }

  /** Waits for the one answer. When the signal aborts first, the answer is `withdrawn`, and this rejects. */
  async wait(
    approvalId: ApprovalId,
    signal: AbortSignal,
    decisionNow: () => Verdict["decision"],
  ): Promise<ApprovalAnswer> {
    const answered = new Promise<ApprovalAnswer>((settle, fail) => {
      this.#waiting.set(approvalId, { decisionNow, settle, fail })
    })
    // Who waits is told of a failed write; there is nobody else to tell.
    const abandon = () => this.#withdraw(approvalId, "policy").catch(() => undefined)
    signal.addEventListener("abort", abandon, { once: true })
    try {
      const answer = await answered
      if (signal.aborted && answer.resolved.answer === "withdrawn") throw signal.reason
      return answer
    } finally {
      signal.removeEventListener("abort", abandon)
    }
  }

  /** A person's answer. False when nobody waits for it. */
  async answer(op: Op<"approval.answer">): Promise<boolean> {
    const { approvalId, answer, feedback, interrupt } = op
    const scope = answer === "allow_always" || answer === "reject_always" ? (op.scope ?? "session") : undefined
    const draft = { type: "approval.resolved", approvalId, answer, scope, by: "person", feedback } as const
    return this.#settle(isRefusal(answer) ? { ...draft, interrupt } : draft, op)
  }

  /** After a rule was added: what it now allows or forbids need not be asked any more. */
  async rejudge(): Promise<void> {
    for (const [approvalId, waiting] of this.#waiting) {
      const decision = waiting.decisionNow()
      if (decision === "ask") continue
      const answer = decision === "allow" ? "allow_once" : "reject_once"
      await this.#settle({ type: "approval.resolved", approvalId, answer, by: "policy" })
    }
  }

  /** Nobody is left to ask. */
  async withdrawAll(): Promise<void> {
    for (const approvalId of this.#waiting.keys()) await this.#withdraw(approvalId, "nobody")
  }

  #withdraw(approvalId: ApprovalId, by: "policy" | "nobody"): Promise<boolean> {
    return this.#settle({ type: "approval.resolved", approvalId, answer: "withdrawn", by })
  }

  async #settle(
    draft: ResolvedDraft,
    { updatedInput, hunks, opId }: Pick<Op<"approval.answer">, "updatedInput" | "hunks" | "opId"> = {},
  ): Promise<boolean> {
    const waiting = this.#waiting.get(draft.approvalId)
    if (waiting === undefined) return false
    this.#waiting.delete(draft.approvalId)
    try {
      const resolved = await this.#log(draft, opId)
      waiting.settle({
        resolved,
        ...(updatedInput === undefined ? {} : { updatedInput }),
        ...(hunks === undefined ? {} : { hunks }),
      })
      return true
    } catch (error) {
      waiting.fail(error)
      throw error
    }
  }
}

export function isRefusal(answer: Op<"approval.answer">["answer"]): boolean {
  return answer === "reject_once" || answer === "reject_always"
}

/** What "always" adds, for as long as the answer says: the rules given with it, or the one that was proposed. */
export function rulesOf(op: Op<"approval.answer">, proposed: Rule | undefined): readonly Rule[] {
  const lasting = { scope: op.scope ?? "session", ...(op.expiresAt === undefined ? {} : { expiresAt: op.expiresAt }) }
  if (op.answer === "allow_always") {
    const given = op.rules ?? (proposed === undefined ? [] : [proposed])
    return given.map((rule) => ({ ...rule, ...lasting }))
  }
  if (op.answer === "reject_always" && proposed !== undefined) return [{ ...proposed, ...lasting, decision: "deny" }]
  return []
}
