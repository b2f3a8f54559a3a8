import { type OpId, type Rule, type RuleId, SkeinError } from "@skein/protocol"
import { inForce } from "../approval/standing.ts"
import type { RandomPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"
import type { SessionWriter } from "./writer.ts"

/** Adds and takes back standing rules: those of the session in its log, others where the host keeps them. */
export class SessionRules {
  readonly #state: SessionState
  readonly #writer: SessionWriter
  readonly #ports: EnginePorts

  constructor(state: SessionState, writer: SessionWriter, ports: EnginePorts) {
    this.#state = state
    this.#writer = writer
    this.#ports = ports
  }

  /**
   * Keeps those that outlive the session, all or none. Rejects with SkeinError, and then none of them holds. `recorded`
   * makes them part of the session's story, `dropped` takes them back.
   */
  async keep(rules: readonly Rule[]): Promise<KeptRules> {
    for (const rule of rules) mustBeAddable(rule, this.#ports.clock.now())
    for (const rule of rules) await this.#audit("rule.add", rule)
    const held: Rule[] = []
    // One that was kept before is not this answer's to take back.
    const added: Rule[] = []
    const dropped = async () => {
      for (const { id } of added) if (id !== undefined) await this.#ports.dropRule(id)
    }
    try {
      for (const rule of rules) {
        const kept = outlives(rule) ? ((await this.#ports.keepRule(rule, this.#folder)) ?? rule) : rule
        held.push(kept)
        if (outlives(rule) && kept.id === rule.id) added.push(kept)
      }
    } catch (error) {
      await dropped()
      throw error
    }
    const recorded = async (causedBy: OpId | undefined) => {
      const drafts = held.map((rule) => ({ type: "rule.added", rule }) as const)
      await this.#writer.emit(drafts, { flush: true, causedBy })
    }
    return { recorded, dropped }
  }

  /** Rejects with SkeinError `rule.not_found`. */
  async remove(ruleId: RuleId, causedBy: OpId | undefined): Promise<void> {
    const own = this.#state.rules.find(({ id }) => id === ruleId)
    const rule = own ?? this.#ports.rulesFor(this.#folder).find(({ id }) => id === ruleId)
    await this.#audit("rule.remove", rule ?? { id: ruleId, tool: "*", decision: "ask", scope: "user" })
    if (own === undefined) await this.#ports.dropRule(ruleId)
    await this.#writer.emit([{ type: "rule.removed", ruleId }], { flush: true, causedBy })
  }

  get #folder(): string {
    return this.#state.created.workspace.path
  }

  #audit(action: string, rule: Rule): Promise<void> {
    const { id, scope, decision } = rule
    return this.#ports.audit.record({
      ...{ at: this.#ports.clock.now(), actor: "person", action, decision, sessionId: this.#state.sessionId },
      resources: [{ kind: "rule", name: JSON.stringify(rule) }],
      rule: id ?? `${scope} ${decision}`,
    })
  }
}

export interface KeptRules {
  recorded(causedBy: OpId | undefined): Promise<void>
  dropped(): Promise<void>
}

/** A rule as it will be kept: with an id of its own, so that it can be taken back. */
export function named(rule: Rule, random: RandomPort): Rule {
  return { ...rule, id: random.id("rul") }
}

/** All rules that hold in a session, the strongest scope first. */
export function rulesInForce(state: SessionState, { rulesFor, clock }: EnginePorts): readonly Rule[] {
  const rules = [...rulesFor(state.created.workspace.path), ...state.rules, ...(state.turn?.rules ?? [])]
  return inForce(rules, clock.now()).toSorted((a, b) => STRENGTH.indexOf(a.scope) - STRENGTH.indexOf(b.scope))
}

const STRENGTH: readonly Rule["scope"][] = ["managed", "user", "project", "session", "once"]

export function outlives({ scope }: Rule): boolean {
  return scope === "project" || scope === "user"
}

function mustBeAddable({ scope, expiresAt }: Rule, now: number): void {
  if (scope === "managed" || scope === "once") {
    const why = scope === "managed" ? "managed rules are an administrator's file" : "a rule for once is an answer"
    throw new SkeinError("op.invalid", `No rule of scope ${scope} can be added: ${why}. Use session, project or user.`)
  }
  if (expiresAt !== undefined && expiresAt <= now) {
    throw new SkeinError("op.invalid", "The rule would have expired already. Give a time that is still to come.")
  }
}
