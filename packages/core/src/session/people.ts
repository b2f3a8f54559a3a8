import type { EventOf, Op, Receipt, Rule } from "@skein/protocol"
import type { Above } from "../agents/kin.ts"
import type { SessionState } from "../transcript/state.ts"
import { rejudge } from "./above.ts"
import { type Approvals, isRefusal, rulesOf } from "./approvals.ts"
import type { Offspring } from "./offspring.ts"
import type { EnginePorts } from "./ports.ts"
import { rejected } from "./receipts.ts"
import { answerEntry } from "./record.ts"
import { type KeptRules, named, type SessionRules } from "./rules.ts"
import type { Turns } from "./turns.ts"

interface Parts {
  readonly state: SessionState
  readonly ports: EnginePorts
  readonly rules: SessionRules
  readonly approvals: Approvals
  readonly turns: Turns
  readonly offspring: Offspring
  /** What is above this session, where it is a child. */
  readonly above: () => Above | undefined
}

/** What people say about permission: answers to questions, and rules that stand. */
export class People {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A rejection, or nothing when the answer counts. Rejects with SkeinError where a rule of it cannot be kept. */
  async answer(op: Op<"approval.answer">): Promise<Receipt | undefined> {
    const { state, ports, approvals, turns, offspring } = this.#parts
    const asked = state.approvals.get(op.approvalId)
    const ofChild = offspring.answer(op)
    if (ofChild !== undefined) return ofChild
    if (asked === undefined || !approvals.has(op.approvalId)) {
      return rejected("approval.not_found", `Approval ${op.approvalId} is not open: it was answered or withdrawn.`)
    }
    if (!isRefusal(op.answer) && !asked.options.includes(op.answer)) {
      return rejected("op.invalid", `${op.answer} was not offered. Answer with one of ${asked.options.join(", ")}.`)
    }
    const lasting = rulesOf(op, asked.always).map((rule) => named(rule, ports.random))
    // Kept before the answer counts: where a rule cannot be kept, nothing was answered.
    const kept = await this.#keep(lasting)
    if (!(await this.#answered(op, asked, kept))) {
      return rejected("approval.not_found", `Approval ${op.approvalId} is not open: it was answered meanwhile.`)
    }
    // A refusal that also stops the turn stops what runs beside the refused call.
    if (op.interrupt === true && isRefusal(op.answer)) turns.stop()
    if (lasting.length > 0) await this.#inForce(kept, op.opId)
    return undefined
  }

  /** Rejects with SkeinError where it cannot be kept; then it does not hold. */
  async addRule({ rule, opId }: Op<"rule.add">): Promise<void> {
    await this.#inForce(await this.#keep([named(rule, this.#parts.ports.random)]), opId)
  }

  /** Rejects with SkeinError `rule.not_found`. */
  async removeRule({ ruleId, opId }: Op<"rule.remove">): Promise<void> {
    await this.#parts.rules.remove(ruleId, opId)
  }

  async #inForce(kept: KeptRules, opId: Op["opId"]): Promise<void> {
    await kept.recorded(opId)
    await (this.#parts.above()?.present?.rejudge() ?? rejudge(this.#parts))
  }

  /** A child's are kept where they hold for the whole family. */
  #keep(lasting: readonly Rule[]): Promise<KeptRules> {
    return this.#parts.above()?.present?.keepRules(lasting) ?? this.#parts.rules.keep(lasting)
  }

  /** Recorded, then answered. False when somebody else was first; then no rule of this answer stays. */
  async #answered(op: Op<"approval.answer">, asked: EventOf<"approval.requested">, kept: KeptRules): Promise<boolean> {
    const { state, ports, approvals } = this.#parts
    let isAnswered = false
    try {
      await ports.audit.record(answerEntry(state, asked, op.answer, ports.clock.now()))
      isAnswered = await approvals.answer(op)
      return isAnswered
    } finally {
      if (!isAnswered) await kept.dropped()
    }
  }
}
