import type { Mode, Rule } from "@skein/protocol"
import type { CallPlan, Effect, PolicyPort, PolicyState, Verdict } from "../ports/index.ts"
import { matches } from "./rules.ts"

type Decision = Verdict["decision"]

/** Classes of effect a mode has an opinion on. */
type EffectClass =
  | "none"
  | "read_inside"
  | "read_outside"
  | "write_inside"
  | "write_outside"
  | "execute_confined"
  | "execute_unconfined"
  | "network"
  | "delegate"
  | "unknown"

/** What each mode says to each class of effect. What is not named in a row is asked. */
const MODE_TABLE: Readonly<Record<Mode, Partial<Record<EffectClass, Decision>>>> = {
  plan: {
    none: "allow",
    read_inside: "allow",
    write_inside: "deny",
    write_outside: "deny",
    // The sandbox is read-only in this mode, so a confined command can change nothing.
    execute_confined: "allow",
    execute_unconfined: "deny",
    delegate: "deny",
    unknown: "deny",
  },
  ask: { none: "allow", read_inside: "allow" },
  "accept-edits": { none: "allow", read_inside: "allow", write_inside: "allow" },
  auto: { none: "allow", read_inside: "allow", write_inside: "allow", execute_confined: "allow" },
  full: {
    none: "allow",
    read_inside: "allow",
    read_outside: "allow",
    write_inside: "allow",
    write_outside: "allow",
    execute_confined: "allow",
    execute_unconfined: "allow",
    network: "allow",
    delegate: "allow",
    unknown: "allow",
  },
}

const REASONS: Readonly<Record<EffectClass, string>> = {
  none: "it changes nothing",
  read_inside: "it reads in the workspace",
  read_outside: "it reads outside the workspace",
  write_inside: "it changes files in the workspace",
  write_outside: "it changes files outside the workspace",
  execute_confined: "it runs a command, in the sandbox",
  execute_unconfined: "it runs a command without a sandbox",
  network: "it uses the network",
  delegate: "it hands work to another agent",
  unknown: "what it does is not known",
}

const STRICTNESS: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 }

/**
 * Judges by permission mode and rules. A rule that denies or asks stands above the mode; a rule that allows lifts an
 * ask of the mode, never a denial. Over all effects of a call, the strictest verdict holds.
 */
export const modePolicy: PolicyPort = {
  judge(plan, state) {
    const effects: readonly Effect[] = plan.effects.length > 0 ? plan.effects : [{ kind: "unknown" }]
    const verdicts = effects.map((effect) => judgeEffect(plan, effect, state))
    const decision = verdicts.map((verdict) => verdict.decision).reduce(stricter)
    return together(verdicts.filter((verdict) => verdict.decision === decision))
  },
  judgeHost: ({ host, port }) => ({ decision: "ask", reasons: [`it wants to reach ${host}:${port}`] }),
}

/** One verdict for all effects that led to it. `always` is offered only where one rule spares the whole question. */
function together(verdicts: readonly Verdict[]): Verdict {
  const [first, ...others] = verdicts
  if (first === undefined) throw new Error("A plan has at least one effect")
  if (others.length === 0) return first
  const { decision } = first
  const reasons = [...new Set(verdicts.flatMap((verdict) => verdict.reasons))]
  const rule = verdicts.find((verdict) => verdict.rule !== undefined)?.rule
  return rule === undefined ? { decision, reasons } : { decision, reasons, rule }
}

function judgeEffect(plan: CallPlan, effect: Effect, state: PolicyState): Verdict {
  // What the sandbox forbids is forbidden even after an approval, and so in every mode.
  if (effect.kind === "write" && state.sandbox === "read-only") {
    return { decision: "deny", reasons: ["the sandbox is read-only, so no file may be changed"] }
  }
  const rule = strictest(state.rules.filter((candidate) => matches(candidate, plan.name, effect)))
  const kind = classOf(effect)
  const byMode = MODE_TABLE[state.mode][kind] ?? "ask"
  const always = alwaysRule(plan.name, effect)
  const why = byMode === "deny" ? [`mode ${state.mode} forbids it`, reason(kind, effect)] : [reason(kind, effect)]
  if (rule === undefined) return { decision: byMode, reasons: why, ...(always && { always }) }
  const isLifted = rule.decision === "allow" && byMode !== "deny"
  const decision = isLifted ? "allow" : stricter(rule.decision, byMode)
  return {
    decision,
    reasons: [rule.reason ?? `a rule of the ${rule.scope} says ${rule.decision}`, ...why],
    rule,
  }
}

function reason(kind: EffectClass, effect: Effect): string {
  const where = effect.kind === "read" || effect.kind === "write" ? effect.paths.slice(0, 3).join(", ") : ""
  const hosts = effect.kind === "network" ? effect.hosts.join(", ") : ""
  const detail = where || hosts
  return detail === "" ? REASONS[kind] : `${REASONS[kind]}: ${detail}`
}

function classOf(effect: Effect): EffectClass {
  switch (effect.kind) {
    case "read":
      return effect.isInside ? "read_inside" : "read_outside"
    case "write":
      return effect.isInside ? "write_inside" : "write_outside"
    case "execute":
      return effect.isConfined ? "execute_confined" : "execute_unconfined"
    default:
      return effect.kind
  }
}

/** The narrowest rule that would have spared this question; none for what must be asked every time. */
function alwaysRule(tool: string, effect: Effect): Rule | undefined {
  const base = { tool, decision: "allow", scope: "session" } as const
  switch (effect.kind) {
    case "execute":
      return { ...base, command: effect.command }
    case "read":
    case "write":
      return effect.paths.length === 1 && effect.paths[0] !== undefined ? { ...base, path: effect.paths[0] } : undefined
    default:
      return undefined
  }
}

function strictest(rules: readonly Rule[]): Rule | undefined {
  return rules.toSorted((a, b) => STRICTNESS[b.decision] - STRICTNESS[a.decision])[0]
}

function stricter(a: Decision, b: Decision): Decision {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b
}
